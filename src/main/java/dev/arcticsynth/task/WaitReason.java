package dev.arcticsynth.task;

/// What a partition waits for when it does not wait for its batch.
public enum WaitReason {
  /// The caller's next action, after a hold.
  CALLER,
  /// The provider throttles or is at capacity.
  QUOTA,
  /// The provider is reading an uploaded file.
  FILE,
  /// The provider failed or cannot be reached.
  PROVIDER,
  /// Key, organisation or region is refused.
  CREDENTIALS,
  /// An operator must act.
  OPERATOR,
  /// The next retry of unanswered requests.
  RETRY
}
