package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
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
import java.util.Optional;

/// Polls the status of a batch, and cancels it when its task is stopped.
@ApplicationScoped
public class Poll implements BulkPoll.Poller {

  private final PartitionRepository partitions;
  private final BulkPoll together;
  private final FailurePolicy failurePolicy;
  private final Backoff backoff;
  private final PartitionBisector partitionBisector;
  private final StatusTranslator statuses;
  private final SubmissionFactory submissionFactory;

  Poll(
      PartitionRepository partitions,
      BulkPoll together,
      FailurePolicy failurePolicy,
      Backoff backoff,
      PartitionBisector partitionBisector,
      StatusTranslator statuses,
      SubmissionFactory submissionFactory) {
    this.partitions = partitions;
    this.together = together;
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
    this.partitionBisector = partitionBisector;
    this.statuses = statuses;
    this.submissionFactory = submissionFactory;
  }

  /// A partition that is `SUBMITTED` or `CANCELLING`.
  public Uni<Partition> run(Claim claim, Task task, Partition partition, Provider provider) {
    boolean stop =
        partition.state() == PartitionState.SUBMITTED
            && (task.state() == TaskState.CANCELLING || statuses.isOverdue(partition, provider));
    return stop ? stop(claim, partition, provider) : poll(claim, partition, provider);
  }

  private Uni<Partition> poll(Claim claim, Partition partition, Provider provider) {
    return together
        .ask(claim, partition, provider, this)
        .chain(polled ->
            polled ? Uni.createFrom().item(partition) : alone(claim, partition, provider));
  }

  /// A batch that is over may refuse to be stopped for ever; so it is also looked at when the call
  /// fails again.
  private Uni<Partition> stop(Claim claim, Partition partition, Provider provider) {
    return provider
        .cancel(partition.remoteBatchId().orElseThrow())
        .map(_ -> (PartitionEvent) new CancelAsked(backoff.firstPoll(provider.pollPace())))
        .map(Optional::of)
        .onFailure(ProviderException.class)
        .recoverWithItem(failure ->
            partition.isStatusUnread()
                ? Optional.empty()
                : Optional.of(failurePolicy.whileWaiting(partition, (ProviderException) failure)))
        .chain(event ->
            event
                .map(known -> conclude(claim, partition, known))
                .orElseGet(() -> poll(claim, partition, provider)));
  }

  @Override
  public Uni<Partition> alone(Claim claim, Partition partition, Provider provider) {
    return conclude(
        claim,
        partition,
        submissionFactory
            .currentTag(partition)
            .chain(tag -> provider.status(partition.remoteBatchId().orElseThrow(), tag))
            .map(status -> statuses.event(partition, status, provider)));
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
}
