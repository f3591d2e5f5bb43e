package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskState;
import dev.arcticsynth.task.WaitReason;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/// Finds out whether a create call with an unknown outcome has created a batch
/// (`docs/RELIABILITY.md#creating-a-batch`).
///
/// A batch that exists is adopted. Else the file is deleted first, so that a call still on its way
/// fails; then the provider's lists get time to settle; only if the batch is still missing, it can
/// never exist, and a new batch attempt may begin.
@ApplicationScoped
public class Reconcile {

  /// Clocks differ, and lists may be sorted by theirs.
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(10);

  private final PartitionRepository partitions;
  private final SubmissionFactory submissionFactory;
  private final FailurePolicy failurePolicy;
  private final Backoff backoff;

  Reconcile(
      PartitionRepository partitions,
      SubmissionFactory submissionFactory,
      FailurePolicy failurePolicy,
      Backoff backoff) {
    this.partitions = partitions;
    this.submissionFactory = submissionFactory;
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
  }

  /// A partition that is `CREATING` and not ours since before the call, or `RECONCILING`.
  public Uni<Partition> run(Claim claim, Task task, Partition partition, Provider provider) {
    if (partition.state() == PartitionState.CREATING) {
      return partitions
          .record(claim, new CreateUnknown("The process that sent the create call is gone.", null))
          .chain(doubtful -> settle(claim, task, doubtful, provider));
    }
    return settle(claim, task, partition, provider);
  }

  private Uni<Partition> settle(Claim claim, Task task, Partition partition, Provider provider) {
    return submissionFactory
        .current(task, partition, provider)
        .chain(submission -> look(submission, partition, provider))
        .chain(found ->
            found
                .<Uni<PartitionEvent>>map(batch -> Uni.createFrom().item(adopted(batch, provider)))
                .orElseGet(() -> notFound(partition, provider)))
        .onFailure(Reconcile::isBlind)
        .recoverWithUni(failure -> blind(task, partition, provider, (ProviderException) failure))
        .onFailure(ProviderException.class)
        .recoverWithItem(
            failure -> failurePolicy.whileWaiting(partition, (ProviderException) failure))
        .chain(event ->
            event instanceof Submitted submitted
                ? partitions.conclude(claim, submitted, true, waiting(partition, submitted))
                : partitions.conclude(claim, event));
  }

  /// The other one finds its batch gone when it asks for it.
  private Deferred waiting(Partition partition, Submitted submitted) {
    return new Deferred(
        WaitReason.PROVIDER,
        "The provider has made batch %s of this file, and had given that id to another batch before, for which a task is still waiting: it counts from 1 after a restart, and has forgotten what it had. This goes on when the other is over."
            .formatted(submitted.batchId()),
        backoff.afterFailure(partition.polls()));
  }

  private static Uni<Optional<RemoteBatch>> look(
      Submission submission, Partition partition, Provider provider) {
    return provider.find(
        submission,
        partition.remoteFileId().orElseThrow(),
        partition.creatingAt().orElseThrow().minus(CLOCK_SLACK));
  }

  private static boolean isBlind(Throwable failure) {
    return failure instanceof ProviderException known
        && known.code().filter(ProviderException.NO_LIST::equals).isPresent();
  }

  /// Whether there is a batch cannot be found out, so none is made until a person has looked: by
  /// stopping the task he says that it may be given up.
  private Uni<PartitionEvent> blind(
      Task task, Partition partition, Provider provider, ProviderException failure) {
    if (task.state() == TaskState.CANCELLING) {
      return notFound(partition, provider)
          .onFailure(Reconcile::isRefused)
          .recoverWithItem(() -> new Fenced(backoff.settled()));
    }
    return Uni.createFrom()
        .item(
            new Deferred(
                WaitReason.OPERATOR,
                "It is not known whether a batch was made over file %s: the reply to its create was lost, and the provider has no list of batches (%s). Look there: if it shows no batch over this file, or you have cancelled it there, cancel this task and retry it; what has no answer is sent again. Nothing is sent before, since it might be paid for twice."
                    .formatted(partition.remoteFileId().orElse(""), failure.getMessage()),
                backoff.parked()));
  }

  /// It cannot delete files either; the settle time is all there is.
  private static boolean isRefused(Throwable failure) {
    return failure instanceof ProviderException known
        && known.kind() == ProviderException.Kind.REJECTED;
  }

  private PartitionEvent adopted(RemoteBatch batch, Provider provider) {
    return new Submitted(batch.id(), backoff.firstPoll(provider.pollPace()), batch.requestId());
  }

  private Uni<PartitionEvent> notFound(Partition partition, Provider provider) {
    return partition.isFenced()
        ? Uni.createFrom()
            .item(
                new Abandoned(
                    "The create call has created no batch and cannot create one any more."))
        : provider
            .fence(partition.remoteFileId().orElseThrow())
            .replaceWith(() -> new Fenced(backoff.settled()));
  }
}
