package dev.arcticsynth.task;

import io.smallrye.mutiny.Uni;

/// Observes events of partitions. Every bean of this type is called for each event, in the order of
/// their `@Priority`, the highest first.
public interface PartitionObserver {

  /// The priorities. Rows are locked in this order, too: the partition's before the first observer
  /// is called, an account's by the last, the task's after that.
  int BATCH_ATTEMPT = 400;

  int HISTORY = 300;
  int REQUESTS = 200;
  int ACCOUNT = 100;

  /// Called in the transaction that records the event, when the partition has applied it. A failure
  /// rolls the event back. Statements only; actions after the commit go to
  /// [PartitionChange#afterCommit].
  Uni<Void> inTransaction(PartitionChange change);
}
