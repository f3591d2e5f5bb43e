package dev.arcticsynth.task;

/// Where a task that is driven by hand stops and waits for its caller.
public enum HoldPoint {
  /// It runs through.
  NONE,
  /// Partitions are cut and not uploaded.
  UPLOAD,
  /// Partitions are uploaded and no batch is created.
  SUBMIT
}
