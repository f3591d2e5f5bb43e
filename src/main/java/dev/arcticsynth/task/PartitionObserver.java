package dev.arcticsynth.task;

import io.smallrye.mutiny.Uni;

/// What follows an event of a partition. A bean of this type is told of each one; its `@Priority`
/// says in which turn.
public interface PartitionObserver {

  /// The turns. Locks are taken in this order, too: the partition's row is locked before the first
  /// turn, an account's in the last, the task's after that.
  int ATTEMPT = 400;

  int HISTORY = 300;
  int REQUESTS = 200;
  int ACCOUNT = 100;

  /// In the transaction that records the event, when the partition has applied it. What fails here
  /// undoes the event.
  Uni<Void> inTransaction(PartitionChange change);
}
