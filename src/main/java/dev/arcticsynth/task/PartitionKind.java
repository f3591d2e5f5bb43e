package dev.arcticsynth.task;

/// How a partition came to be.
public enum PartitionKind {
  /// Cut from the input: all requests of one model and endpoint between two sequence numbers.
  BASE,
  /// Made of requests that earlier partitions left without an answer; their outcome rows name it.
  REPAIR
}
