package dev.arcticsynth.task;

/// The origin of a partition.
public enum PartitionKind {
  /// Cut from the input: all requests of one model and endpoint between two sequence numbers.
  BASE,
  /// Made of requests that earlier partitions left without an answer; their outcome rows name it.
  REPAIR
}
