package dev.arcticsynth.task;

/// What a partition waits for when it does not wait for its batch.
public enum WaitReason {
  /// A caller who drives the task by hand.
  CALLER,
  /// The provider wants fewer calls or has no room.
  QUOTA,
  /// The provider is reading an uploaded file.
  FILE,
  /// The provider failed or cannot be reached.
  PROVIDER,
  /// Key, organisation or region is refused.
  CREDENTIALS,
  /// Only a person can help.
  OPERATOR,
  /// The next try of what was not answered.
  RETRY
}
