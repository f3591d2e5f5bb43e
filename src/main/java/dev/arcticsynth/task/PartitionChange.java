package dev.arcticsynth.task;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// An event that a partition has applied, and what it was before.
public final class PartitionChange {

  private final Partition partition;
  private final PartitionEvent event;
  private final Instant at;
  private final PartitionState before;
  private final Optional<WaitReason> waitedFor;
  private final Optional<String> reasonBefore;
  private final List<Supplier<Uni<Void>>> followUps = new ArrayList<>();

  private PartitionChange(Partition partition, PartitionEvent event, Instant at) {
    this.partition = partition;
    this.event = event;
    this.at = at;
    this.before = partition.state();
    this.waitedFor = partition.waitReason();
    this.reasonBefore = partition.lastError();
  }

  /// Applies the event.
  static PartitionChange of(Partition partition, PartitionEvent event, Instant at) {
    var change = new PartitionChange(partition, event, at);
    partition.apply(event, at);
    return change;
  }

  public Partition partition() {
    return partition;
  }

  public PartitionEvent event() {
    return event;
  }

  public Instant at() {
    return at;
  }

  /// The state that the partition was in.
  public PartitionState before() {
    return before;
  }

  boolean isMove() {
    return before != partition.state();
  }

  /// Whether the partition waits for something that it did not wait for before.
  boolean isNewWait() {
    return !waitedFor.equals(partition.waitReason());
  }

  /// Whether it waits for another reason than before, in words too.
  boolean isNewReason() {
    return isNewWait() || !reasonBefore.equals(partition.lastError());
  }

  /// Whether its tokens are not enqueued at the provider any more.
  public boolean leavesFlight() {
    boolean isRefused =
        before == PartitionState.CREATING && partition.state() == PartitionState.UPLOADING;
    return before.isInFlight() && !partition.state().isInFlight() || isRefused;
  }

  /// Registers an action for after the commit: in the order of the calls, each in a transaction of
  /// its own. Skipped where the process dies before, and for changes by an audit.
  public void afterCommit(Supplier<Uni<Void>> followUp) {
    followUps.add(followUp);
  }

  Uni<Void> committed() {
    return Multi.createFrom()
        .iterable(followUps)
        .onItem()
        .transformToUniAndConcatenate(Supplier::get)
        .onItem()
        .ignoreAsUni();
  }
}
