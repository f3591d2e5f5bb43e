package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.lines.PartitionRequests;
import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.task.HoldPoint;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskState;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.quota.Admission;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Submits a partition: records the batch attempt, uploads its file, records the file, creates the
/// batch. The order of the writes is the protocol of `docs/RELIABILITY.md#creating-a-batch`: only a
/// file whose id was committed before may be used in a create call, and the call is sent once.
@ApplicationScoped
public class Submit {

  private final PartitionRepository partitions;
  private final Admission admission;
  private final PartitionRequests requests;
  private final SubmissionFactory submissionFactory;
  private final FailurePolicy failurePolicy;
  private final Backoff backoff;
  private final DeploymentSelector deployments;
  private final InputReadiness wait;
  private final PartitionBisector partitionBisector;

  Submit(
      PartitionRepository partitions,
      Admission admission,
      PartitionRequests requests,
      SubmissionFactory submissionFactory,
      FailurePolicy failurePolicy,
      Backoff backoff,
      DeploymentSelector deployments,
      InputReadiness wait,
      PartitionBisector partitionBisector) {
    this.partitionBisector = partitionBisector;
    this.partitions = partitions;
    this.admission = admission;
    this.requests = requests;
    this.submissionFactory = submissionFactory;
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
    this.deployments = deployments;
    this.wait = wait;
  }

  /// A partition that is `READY`.
  public Uni<Partition> begin(Claim claim, Task task, Partition partition, Provider provider) {
    if (task.state() == TaskState.CANCELLING) {
      return partitions.conclude(claim, new Cancelled());
    }
    return partitionBisector
        .isTooLarge(partition)
        .chain(tooLarge ->
            tooLarge
                .map(refused -> partitionBisector.halve(claim, partition, refused))
                .orElseGet(() -> beginAttempt(claim, task, partition, provider)));
  }

  private Uni<Partition> beginAttempt(
      Claim claim, Task task, Partition partition, Provider provider) {
    return submissionFactory
        .nextTag(partition)
        .chain(tag ->
            partitions.begin(
                claim,
                admission.decide(deployments.toUpload(partition, provider, tag, !isHeld(task)))))
        .chain(begun ->
            begun.state() == PartitionState.UPLOADING
                ? upload(claim, task, begun, provider)
                : Uni.createFrom().item(begun));
  }

  /// A partition that is `UPLOADING`: left by another process, held by its caller, waiting until
  /// its file is read, or with a create call that was refused.
  public Uni<Partition> resume(Claim claim, Task task, Partition partition, Provider provider) {
    if (task.state() == TaskState.CANCELLING) {
      return discard(provider, partition).chain(() -> partitions.conclude(claim, new Cancelled()));
    }
    if (partition.remoteFileId().isEmpty()) {
      // Its file is not recorded, so no create call can have used it.
      return partitions.conclude(claim, new Abandoned("The upload was interrupted."));
    }
    return wait.look(partition, provider)
        .chain(wait ->
            wait.map(event -> waits(claim, partition, provider, event))
                .orElseGet(() -> goOn(claim, task, partition, provider)));
  }

  /// A partition that is `PARKED`.
  public Uni<Partition> unpark(Claim claim, Task task, Partition partition, Provider provider) {
    return task.state() == TaskState.CANCELLING
        ? discard(provider, partition).chain(() -> partitions.conclude(claim, new Cancelled()))
        : partitions.conclude(claim, admission::unpark);
  }

  private Uni<Partition> waits(
      Claim claim, Partition partition, Provider provider, PartitionEvent event) {
    boolean isOver = event instanceof Abandoned || event instanceof Rejected;
    return (isOver ? discard(provider, partition) : Uni.createFrom().voidItem())
        .chain(() -> conclude(claim, partition, event));
  }

  private Uni<Partition> goOn(Claim claim, Task task, Partition partition, Provider provider) {
    return partitions
        .begin(claim, admission.decide(deployments.toCreate(partition)))
        .chain(begun ->
            begun.state() == PartitionState.CREATING
                ? submissionFactory
                    .current(task, begun, provider)
                    .chain(submission -> create(claim, begun, provider, submission))
                : Uni.createFrom().item(begun));
  }

  /// A partition with a hold after its upload enqueues nothing yet.
  private static boolean isHeld(Task task) {
    return task.hold() == HoldPoint.SUBMIT;
  }

  private Uni<Partition> upload(Claim claim, Task task, Partition partition, Provider provider) {
    return submissionFactory
        .current(task, partition, provider)
        .chain(submission ->
            provider
                .upload(submission, requests.file(partition, provider))
                .onItemOrFailure()
                .transformToUni((file, failure) -> {
                  if (failure != null) {
                    return conclude(
                        claim, partition, failurePolicy.beforeCreate(partition, failure));
                  }
                  // An upload may take longer than there is time; a batch is not begun after it.
                  boolean held = isHeld(task) || backoff.isOver(task.deadline());
                  var uploaded = wait.uploaded(partition, file, held);
                  if (uploaded instanceof Uploaded && !held) {
                    return partitions
                        .record(claim, uploaded)
                        .chain(creating -> create(claim, creating, provider, submission));
                  }
                  return (uploaded instanceof Rejected
                          ? discard(provider, file.id())
                          : Uni.createFrom().voidItem())
                      .chain(() -> conclude(claim, partition, uploaded));
                }));
  }

  private Uni<Partition> create(
      Claim claim, Partition partition, Provider provider, Submission submission) {
    return provider
        .create(submission, partition.remoteFileId().orElseThrow())
        .<PartitionEvent>map(batch ->
            new Submitted(batch.id(), backoff.firstPoll(provider.pollPace()), batch.requestId()))
        .onFailure(ProviderException.class)
        .recoverWithItem(failure ->
            failurePolicy.ofCreate(
                partition, (ProviderException) failure, !deployments.isChoice(partition, provider)))
        .call(event ->
            event instanceof Submitted || event instanceof CreateUnknown || event.isKeepingFile()
                ? Uni.createFrom().voidItem()
                : discard(provider, partition))
        .chain(event ->
            event instanceof Submitted submitted
                ? partitions.conclude(claim, submitted, false, withIdOfAnother(submitted))
                : conclude(claim, partition, event));
  }

  private static CreateUnknown withIdOfAnother(Submitted submitted) {
    return new CreateUnknown(
        "The provider answered with the id %s, which it has given to another batch before; which batch was made of the file is looked up."
            .formatted(submitted.batchId()),
        submitted.requestId());
  }

  private Uni<Partition> conclude(Claim claim, Partition partition, PartitionEvent event) {
    return event instanceof Rejected refused && failurePolicy.isToBeHalved(partition, refused)
        ? partitionBisector.halve(claim, partition, refused)
        : partitions.conclude(claim, event);
  }

  /// A file that no batch will use costs storage only, so failing to delete it is ignored.
  private static Uni<Void> discard(Provider provider, Partition partition) {
    return partition
        .remoteFileId()
        .map(fileId -> discard(provider, fileId))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }

  private static Uni<Void> discard(Provider provider, String fileId) {
    return provider.delete(fileId).onFailure().recoverWithNull();
  }
}
