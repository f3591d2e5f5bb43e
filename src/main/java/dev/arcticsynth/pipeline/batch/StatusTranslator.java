package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.lines.RefusedLine;
import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.Blame;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.PartitionState;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Translates what a provider says about a batch into what that means for its partition.
@ApplicationScoped
class StatusTranslator {

  /// What cannot be so, like a batch that is gone, is believed when it was said so often in a row.
  private static final int BELIEVED_AFTER = 5;

  /// A batch that may still run, and has a file of answers: after about ten minutes.
  private static final int BELIEVED_AT_LAST = 40;

  /// Every line that we send is JSON; a line that is none was cut on the way.
  private static final String CUT = "invalid_json_line";

  private static final String NO_FILE = "the provider names no file of them";

  private static final Refusal NO_REASON =
      new Refusal("", "The provider gave no reason.", OptionalInt.empty(), Blame.REQUESTS);

  private final FailurePolicy failurePolicy;
  private final Backoff backoff;

  StatusTranslator(FailurePolicy failurePolicy, Backoff backoff) {
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
  }

  PartitionEvent event(Partition partition, BatchStatus status, Provider provider) {
    return switch (status) {
      case BatchStatus.InProgress(String word, int answered, _, boolean finishing) ->
          new StillRunning(
              word,
              answered,
              // In a list too: the stop is left to the partition's own step.
              isOverdue(partition, provider) && partition.state() == PartitionState.SUBMITTED
                  ? backoff.now()
                  : backoff.nextPoll(provider.pollPace(), partition.polls(), finishing));
      case BatchStatus.Unfamiliar unfamiliar -> unfamiliar(partition, unfamiliar, provider);
      case BatchStatus.Ended(
              String word,
              _,
              List<String> files,
              OptionalInt claimed,
              boolean isShort) ->
          isShort
              ? without(partition, word, files, claimed)
              : new Ended(word, files, claimed, null);
      case BatchStatus.Failed failed -> refused(partition, failed, provider);
      case BatchStatus.Gone(String word) ->
          hasSaidBefore(partition, word)
              ? new Ended(word, List.of(), OptionalInt.empty(), null)
              : doubted(partition, word, "The provider does not know the batch: " + word + ".");
    };
  }

  /// Answers that are paid for and not to be had. Asked again, and so paid for again, only when a
  /// person wants a retry and they still are not there.
  private PartitionEvent without(
      Partition partition, String word, List<String> files, OptionalInt claimed) {
    if (!hasSaidBefore(partition, word)) {
      return doubted(partition, word, NO_FILE + ".");
    }
    return partition.rereads() == 0
        ? new Unreadable(NO_FILE)
        : new Ended(word, files, claimed, null);
  }

  /// A word for an end that only this provider has leaves the batch with its files, and nothing
  /// about it changes any more. One that counts fewer answers than requests may still run: it is
  /// given longer, since what its files lack would be paid for again.
  private PartitionEvent unfamiliar(
      Partition partition, BatchStatus.Unfamiliar status, Provider provider) {
    boolean mayRun = status.answered() < status.total();
    if (!status.files().isEmpty()
        && hasSaidBefore(partition, status.word(), mayRun ? BELIEVED_AT_LAST : BELIEVED_AFTER)) {
      return new Ended(status.word(), status.files(), OptionalInt.empty(), null);
    }
    boolean again = partition.providerStatus().filter(status.word()::equals).isPresent();
    return new StatusSuspect(
        status.word(),
        "The provider's word for the batch's status is '%s', which is not known here%s."
            .formatted(
                status.word(),
                status.files().isEmpty()
                    ? ""
                    : "; there is a file of answers, which is read if that lasts"),
        isOverdue(partition, provider) && partition.state() == PartitionState.SUBMITTED
            ? backoff.now()
            : backoff.nextPoll(
                provider.pollPace(), again ? partition.polls() : 0, !status.files().isEmpty()));
  }

  private static boolean hasSaidBefore(Partition partition, String word) {
    return hasSaidBefore(partition, word, BELIEVED_AFTER);
  }

  private static boolean hasSaidBefore(Partition partition, String word, int times) {
    return partition.polls() >= times
        && partition.providerStatus().filter(word::equals).isPresent();
  }

  private StatusSuspect doubted(Partition partition, String word, String reason) {
    boolean again = partition.providerStatus().filter(word::equals).isPresent();
    return new StatusSuspect(word, reason, backoff.afterFailure(again ? partition.polls() : 0));
  }

  /// Some providers' batches go on for ever; we stop them, fetch what they answered, and send the
  /// rest again.
  boolean isOverdue(Partition partition, Provider provider) {
    return provider
        .batchDeadline()
        .flatMap(deadline -> partition.creatingAt().map(begun -> begun.plus(deadline)))
        .filter(deadline -> backoff.isOver(Optional.of(deadline)))
        .isPresent();
  }

  private PartitionEvent refused(
      Partition partition, BatchStatus.Failed failed, Provider provider) {
    if (partition.state() == PartitionState.CANCELLING) {
      // What we stopped for its age is not what its caller has given up.
      return isOverdue(partition, provider)
          ? new Ended(failed.word(), List.of(), OptionalInt.of(0), null)
          : new Cancelled();
    }
    Refusal first = failed.first().orElse(NO_REASON);
    if (first.blame().compareTo(Blame.BATCH) > 0) {
      return failurePolicy.ofBatch(partition, first);
    }
    List<Refusal> lines = failed.refusals().stream().filter(r -> names(partition, r)).toList();
    boolean mayBeCut =
        partition.refusals() == 0 && lines.stream().allMatch(StatusTranslator::isCut);
    if (!lines.isEmpty() && !mayBeCut) {
      return new Ended(failed.word(), List.of(), OptionalInt.of(0), RefusedLine.write(lines));
    }
    return failurePolicy.ofBatch(partition, first);
  }

  /// A line that the file does not have is none: to send the rest again would be to send all again.
  private static boolean names(Partition partition, Refusal refusal) {
    return refusal.line().isPresent() && refusal.line().getAsInt() <= partition.requests();
  }

  private static boolean isCut(Refusal refusal) {
    return refusal.code().equals(CUT);
  }
}
