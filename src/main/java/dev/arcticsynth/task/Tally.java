package dev.arcticsynth.task;

/// Requests of a task by fate, counted from rows and lines under the task's lock.
///
/// @param waiting requests that wait to be packed into another try
/// @param retrying requests in the hands of a repair partition
/// @param open partitions that are not over
record Tally(long succeeded, long failed, long cancelled, long waiting, long retrying, long open) {
  long accounted() {
    return succeeded + failed + cancelled;
  }
}
