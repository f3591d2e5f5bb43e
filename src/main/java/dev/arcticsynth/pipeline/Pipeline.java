package dev.arcticsynth.pipeline;

import dev.arcticsynth.pipeline.account.Audit;
import dev.arcticsynth.pipeline.batch.Poll;
import dev.arcticsynth.pipeline.batch.Reconcile;
import dev.arcticsynth.pipeline.batch.Split;
import dev.arcticsynth.pipeline.batch.Submit;
import dev.arcticsynth.pipeline.results.Download;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.Deadlines;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.TaskSteps;
import dev.arcticsynth.task.Wakeups;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Maps states to steps: the one switch that decides what a row needs next.
@ApplicationScoped
class Pipeline {

  private final TaskRepository tasks;
  private final TaskSteps taskSteps;
  private final PartitionRepository partitions;
  private final Deadlines deadlines;
  private final Wakeups wakeups;
  private final Providers providers;
  private final Split split;
  private final Submit submit;
  private final Reconcile reconcile;
  private final Poll poll;
  private final Download download;
  private final Audit audit;
  private final DeliverCallback deliverCallback;

  Pipeline(
      TaskRepository tasks,
      TaskSteps taskSteps,
      PartitionRepository partitions,
      Deadlines deadlines,
      Wakeups wakeups,
      Providers providers,
      Split split,
      Submit submit,
      Reconcile reconcile,
      Poll poll,
      Download download,
      Audit audit,
      DeliverCallback deliverCallback) {
    this.tasks = tasks;
    this.taskSteps = taskSteps;
    this.partitions = partitions;
    this.deadlines = deadlines;
    this.wakeups = wakeups;
    this.providers = providers;
    this.split = split;
    this.submit = submit;
    this.reconcile = reconcile;
    this.poll = poll;
    this.download = download;
    this.audit = audit;
    this.deliverCallback = deliverCallback;
  }

  /// Runs the next step of a claimed row. Ends with the row's lease released, or fails and leaves
  /// the lease to expire.
  Uni<Void> run(Claim claim) {
    return switch (claim.kind()) {
      case TASK -> tasks.claimed(claim).chain(deadlines::heed).chain(task -> step(claim, task));
      case PARTITION ->
          partitions
              .claimed(claim)
              .chain(partition ->
                  tasks
                      .byId(partition.taskId())
                      .chain(deadlines::heed)
                      .chain(task -> step(claim, task, partition)))
              .replaceWithVoid();
      case ACCOUNT -> audit.run(claim);
      case DELIVERY -> deliverCallback.run(claim);
    };
  }

  private Uni<Void> step(Claim claim, Task task) {
    Provider provider = provider(task.provider());
    return switch (task.state()) {
      case RUNNING ->
          task.isSplit()
              ? wakeups
                  .held(task.id(), task.hold())
                  .chain(() -> taskSteps.repair(claim, Split.repairs(provider, task)))
                  .replaceWithVoid()
              : split.run(claim, task, provider);
      case CANCELLING ->
          wakeups
              .toCancel(task.id())
              .chain(() -> taskSteps.repair(claim, Split.repairs(provider, task)))
              .replaceWithVoid();
      case OPEN, COMPLETED, CANCELLED, FAILED ->
          taskSteps.settleAndRelease(claim).replaceWithVoid();
    };
  }

  private Uni<Partition> step(Claim claim, Task task, Partition partition) {
    Provider provider = provider(partition.provider());
    return switch (partition.state()) {
      case READY -> submit.begin(claim, task, partition, provider);
      case UPLOADING -> submit.resume(claim, task, partition, provider);
      case CREATING, RECONCILING -> reconcile.run(claim, task, partition, provider);
      case SUBMITTED, CANCELLING -> poll.run(claim, task, partition, provider);
      case ENDED -> download.run(claim, task, partition, provider);
      case PARKED -> submit.unpark(claim, task, partition, provider);
      case DOWNLOADED, FAILED, CANCELLED ->
          throw new IllegalStateException("Partition " + partition.id() + " is over and yet due.");
    };
  }

  private Provider provider(String name) {
    return providers
        .find(name)
        .orElseThrow(
            () -> new IllegalStateException("Claimed for a provider we do not have: " + name));
  }
}
