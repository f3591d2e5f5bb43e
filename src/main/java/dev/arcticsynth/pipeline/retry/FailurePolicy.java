package dev.arcticsynth.pipeline.retry;

import dev.arcticsynth.provider.BatchStatus.Blame;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.TokenLimit;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.WaitReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a failed call means for a partition: `docs/RELIABILITY.md#outcome-classes`.
@ApplicationScoped
public class FailurePolicy {

  /// A reply that cannot be used may be a hiccup of a gateway; so many in a row are none.
  private static final int SAME_REPLIES = 5;

  private final Backoff backoff;

  FailurePolicy(Backoff backoff) {
    this.backoff = backoff;
  }

  /// While no batch can exist. A failure that is not the provider's is a bug or the database, and
  /// is not turned into an event.
  public PartitionEvent beforeCreate(Partition partition, Throwable failure) {
    if (!(failure instanceof ProviderException of)) {
      throw sneaky(failure);
    }
    if (isHopeless(partition, of)) {
      return new Failed(
          ProviderException.UNUSABLE_REPLY,
          "%s The provider answered %d uploads in a row like this, so no more are sent; check that its address is that of a batch API."
              .formatted(message(of) + ".", SAME_REPLIES));
    }
    return switch (of.kind()) {
      case UNKNOWN, NOT_FOUND -> turnedAway(partition, of, WaitReason.PROVIDER);
      case TRANSIENT, THROTTLED, DENIED, EXHAUSTED, REJECTED -> notDone(partition, of);
    };
  }

  /// A provider that takes upload after upload and never says what it made of them may store each
  /// one, so this ends; a provider that is down does not answer like that.
  private static boolean isHopeless(Partition partition, ProviderException failure) {
    return failure.code().filter(ProviderException.UNUSABLE_REPLY::equals).isPresent()
        && partition.turnedAway() + 1 >= SAME_REPLIES
        && partition
            .lastError()
            .filter(last -> kernel(last).equals(kernel(message(failure))))
            .isPresent();
  }

  /// A failure without what is another one each time.
  private static String kernel(String message) {
    return message.replaceFirst("^[^:]*:", "").replaceFirst(" \\(request id [^)]*\\)", "");
  }

  /// After a create call was sent.
  ///
  /// @param mayKeepFile the file is for whatever answers, so that a call that was provably not done
  ///   is sent again over it. A file that the provider refused is not sent again
  public PartitionEvent ofCreate(
      Partition partition, ProviderException failure, boolean mayKeepFile) {
    return switch (failure.kind()) {
      case UNKNOWN -> new CreateUnknown(message(failure), failure.requestId().orElse(null));
      case NOT_FOUND, REJECTED -> refused(partition, failure);
      case TRANSIENT, THROTTLED, DENIED, EXHAUSTED ->
          mayKeepFile ? withFile(notDone(partition, failure)) : notDone(partition, failure);
    };
  }

  private static PartitionEvent withFile(PartitionEvent event) {
    return switch (event) {
      case TemporarilyRejected(WaitReason waits, String reason, Instant retryAt, _) ->
          new TemporarilyRejected(waits, reason, retryAt, true);
      case QuotaExceeded(String reason, OptionalLong limit, Instant retryAt, _) ->
          new QuotaExceeded(reason, limit, retryAt, true);
      case Parked(WaitReason waits, String reason, Instant retryAt, _) ->
          new Parked(waits, reason, retryAt, true);
      default -> event;
    };
  }

  /// The call changed nothing; the partition keeps its state.
  public PartitionEvent whileWaiting(Partition partition, ProviderException failure) {
    return switch (failure.kind()) {
      case DENIED -> new Deferred(WaitReason.CREDENTIALS, message(failure), backoff.parked());
      case EXHAUSTED -> new Deferred(WaitReason.OPERATOR, message(failure), backoff.parked());
      case THROTTLED -> deferred(partition, failure, WaitReason.QUOTA);
      case TRANSIENT, UNKNOWN, NOT_FOUND, REJECTED ->
          deferred(partition, failure, WaitReason.PROVIDER);
    };
  }

  /// The provider took the call and refused the batch, before any of it was run.
  public PartitionEvent ofBatch(Partition partition, Refusal refusal) {
    String code = refusal.code().isEmpty() ? "batch_failed" : refusal.code();
    String message =
        Stream.of(refusal.code(), refusal.message())
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(": "));
    return switch (refusal.blame()) {
      case MONEY -> new Parked(WaitReason.OPERATOR, message, backoff.parked());
      case CREDENTIALS -> new Parked(WaitReason.CREDENTIALS, message, backoff.parked());
      case CAPACITY -> atCapacity(partition, code, message);
      case BATCH, REQUESTS ->
          new Rejected(
              code,
              message,
              backoff.afterFailure(partition.refusals()),
              refusal.blame() == Blame.REQUESTS);
    };
  }

  /// Whether a refused partition is bisected: it was refused before, and one of its requests may be
  /// at fault; or its file is too large.
  public boolean isToBeHalved(Partition partition, Rejected refused) {
    return refused.mayBeOne()
        && (partition.isToBeHalved() || isTooLarge(refused.code()) && partition.requests() > 1);
  }

  private static boolean isTooLarge(String code) {
    return code.equals(PartitionEvent.FILE_TOO_LARGE);
  }

  private PartitionEvent atCapacity(Partition partition, String code, String message) {
    Instant retryAt = backoff.afterFailure(partition.turnedAway());
    return code.equals(TokenLimit.EXCEEDED)
        ? new QuotaExceeded(message, TokenLimit.in(message), retryAt)
        : new TemporarilyRejected(WaitReason.QUOTA, message, retryAt);
  }

  private PartitionEvent notDone(Partition partition, ProviderException failure) {
    return switch (failure.kind()) {
      case THROTTLED -> throttled(partition, failure);
      case DENIED -> new Parked(WaitReason.CREDENTIALS, message(failure), backoff.parked());
      case EXHAUSTED -> new Parked(WaitReason.OPERATOR, message(failure), backoff.parked());
      case REJECTED -> refused(partition, failure);
      case TRANSIENT, UNKNOWN, NOT_FOUND -> turnedAway(partition, failure, WaitReason.PROVIDER);
    };
  }

  private PartitionEvent throttled(Partition partition, ProviderException failure) {
    return failure.code().filter(TokenLimit.EXCEEDED::equals).isPresent()
        ? new QuotaExceeded(
            message(failure),
            TokenLimit.in(message(failure)),
            backoff.afterFailure(failure, partition.turnedAway()))
        : turnedAway(partition, failure, WaitReason.QUOTA);
  }

  private TemporarilyRejected turnedAway(
      Partition partition, ProviderException failure, WaitReason waits) {
    return new TemporarilyRejected(
        waits, message(failure), backoff.afterFailure(failure, partition.turnedAway()));
  }

  private Deferred deferred(Partition partition, ProviderException failure, WaitReason waits) {
    return new Deferred(waits, message(failure), backoff.afterFailure(failure, partition.polls()));
  }

  private PartitionEvent refused(Partition partition, ProviderException failure) {
    String code = failure.code().orElse("rejected");
    return isTooLarge(code) && partition.requests() == 1
        ? new Failed(code, message(failure) + ". It is the file of this request alone.")
        : new Rejected(
            code, message(failure), backoff.afterFailure(partition.refusals()), isTooLarge(code));
  }

  private static String message(ProviderException failure) {
    return String.valueOf(failure.getMessage());
  }

  private static RuntimeException sneaky(Throwable failure) {
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException(failure);
  }
}
