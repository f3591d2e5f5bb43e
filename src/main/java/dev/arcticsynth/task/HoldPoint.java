package dev.arcticsynth.task;

/// Where a task holds until its caller's next action.
public enum HoldPoint {
  /// No hold.
  NONE,
  /// Partitions are cut and not uploaded.
  UPLOAD,
  /// Partitions are uploaded and no batch is created.
  SUBMIT
}
