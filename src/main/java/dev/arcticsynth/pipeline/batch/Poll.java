package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.lines.RefusedLine;
import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.Blame;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskState;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Polls the status of a batch, and cancels it when its task is stopped.
@ApplicationScoped
public class Poll implements BulkPoll.Poller {

  /// An implausible status, such as a missing batch, is believed after so many polls in a row.
  private static final int BELIEVED_AFTER = 5;

  /// Every line that we send is JSON; a line that is none was cut on the way.
  private static final String CUT = "invalid_json_line";

  private static final Refusal NO_REASON =
      new Refusal(
          "batch_failed", "The provider gave no reason.", OptionalInt.empty(), Blame.REQUESTS);

  private final PartitionRepository partitions;
  private final BulkPoll together;
  private final FailurePolicy failurePolicy;
  private final Backoff backoff;
  private final PartitionBisector partitionBisector;

  Poll(
      PartitionRepository partitions,
      BulkPoll together,
      FailurePolicy failurePolicy,
      Backoff backoff,
      PartitionBisector partitionBisector) {
    this.partitionBisector = partitionBisector;
    this.partitions = partitions;
    this.together = together;
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
  }

  /// A partition that is `SUBMITTED` or `CANCELLING`.
  public Uni<Partition> run(Claim claim, Task task, Partition partition, Provider provider) {
    boolean stop =
        partition.state() == PartitionState.SUBMITTED
            && (task.state() == TaskState.CANCELLING || isOverdue(partition, provider));
    return stop
        ? stop(claim, partition, provider)
        : together
            .ask(claim, partition, provider, this)
            .chain(polled ->
                polled ? Uni.createFrom().item(partition) : alone(claim, partition, provider));
  }

  private Uni<Partition> stop(Claim claim, Partition partition, Provider provider) {
    return conclude(
        claim,
        partition,
        provider
            .cancel(partition.remoteBatchId().orElseThrow())
            .replaceWith(() -> new CancelAsked(backoff.firstPoll(provider.pollPace()))));
  }

  @Override
  public Uni<Partition> alone(Claim claim, Partition partition, Provider provider) {
    return conclude(
        claim,
        partition,
        provider
            .status(partition.remoteBatchId().orElseThrow())
            .map(status -> event(partition, status, provider)));
  }

  private Uni<Partition> conclude(
      Claim claim, Partition partition, Uni<? extends PartitionEvent> asked) {
    return asked
        .map(event -> (PartitionEvent) event)
        .onFailure(ProviderException.class)
        .recoverWithItem(
            failure -> failurePolicy.whileWaiting(partition, (ProviderException) failure))
        .chain(event -> conclude(claim, partition, event));
  }

  @Override
  public Uni<Partition> conclude(Claim claim, Partition partition, PartitionEvent event) {
    return event instanceof Rejected refused && failurePolicy.isToBeHalved(partition, refused)
        ? partitionBisector.halve(claim, partition, refused)
        : partitions.conclude(claim, event);
  }

  @Override
  public PartitionEvent event(Partition partition, BatchStatus status, Provider provider) {
    return switch (status) {
      case BatchStatus.InProgress(String word, int answered, _, boolean finishing) ->
          new StillRunning(
              word,
              answered,
              // A bulk poll leaves the cancel to the partition's own step.
              isOverdue(partition, provider) && partition.state() == PartitionState.SUBMITTED
                  ? backoff.now()
                  : backoff.nextPoll(provider.pollPace(), partition.polls(), finishing));
      case BatchStatus.Ended(
              String word,
              _,
              List<String> files,
              OptionalInt claimed,
              boolean isShort) ->
          isShort && !hasSaidBefore(partition, word)
              ? doubted(partition, word, "The provider counts answers and names no file of them.")
              : new Ended(word, files, claimed, null);
      case BatchStatus.Failed failed -> refused(partition, failed, provider);
      case BatchStatus.Gone(String word) ->
          hasSaidBefore(partition, word)
              ? new Ended(word, List.of(), OptionalInt.empty(), null)
              : doubted(partition, word, "The provider does not know the batch.");
    };
  }

  private static boolean hasSaidBefore(Partition partition, String word) {
    return partition.polls() >= BELIEVED_AFTER
        && partition.providerStatus().filter(word::equals).isPresent();
  }

  private StatusSuspect doubted(Partition partition, String word, String reason) {
    boolean again = partition.providerStatus().filter(word::equals).isPresent();
    return new StatusSuspect(word, reason, backoff.afterFailure(again ? partition.polls() : 0));
  }

  /// Some providers' batches never expire; we cancel them, fetch the answers, and retry the rest.
  private boolean isOverdue(Partition partition, Provider provider) {
    return provider
        .batchDeadline()
        .flatMap(deadline -> partition.creatingAt().map(begun -> begun.plus(deadline)))
        .filter(deadline -> backoff.isOver(Optional.of(deadline)))
        .isPresent();
  }

  private PartitionEvent refused(
      Partition partition, BatchStatus.Failed failed, Provider provider) {
    if (partition.state() == PartitionState.CANCELLING) {
      // A batch that was cancelled for its age is not cancelled by its caller.
      return isOverdue(partition, provider)
          ? new Ended(failed.word(), List.of(), OptionalInt.of(0), null)
          : new Cancelled();
    }
    Refusal first = failed.first().orElse(NO_REASON);
    if (first.blame().compareTo(Blame.BATCH) > 0) {
      return failurePolicy.ofBatch(partition, first);
    }
    List<Refusal> lines = failed.refusals().stream().filter(r -> names(partition, r)).toList();
    boolean mayBeCut = partition.refusals() == 0 && lines.stream().allMatch(Poll::isCut);
    if (!lines.isEmpty() && !mayBeCut) {
      return new Ended(failed.word(), List.of(), OptionalInt.of(0), RefusedLine.write(lines));
    }
    return failurePolicy.ofBatch(partition, first);
  }

  /// A line number outside the file is ignored: retrying all other lines would retry everything.
  private static boolean names(Partition partition, Refusal refusal) {
    return refusal.line().isPresent() && refusal.line().getAsInt() <= partition.requests();
  }

  private static boolean isCut(Refusal refusal) {
    return refusal.code().equals(CUT);
  }
}
