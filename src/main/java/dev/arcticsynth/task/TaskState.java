package dev.arcticsynth.task;

/// The states of a task.
public enum TaskState {
  /// The caller may add requests. The caller's `submit` or `upload` moves it on.
  OPEN,
  /// Sealed: its partitions are being answered, or wait for a hold to be released.
  RUNNING,
  /// Every request has an outcome; the counts say which. The caller's `retry` reopens it.
  COMPLETED,
  /// Cancelled. Answers that the providers have already are still fetched.
  CANCELLING,
  /// Stopped; every request has an outcome.
  CANCELLED,
  /// Nothing could be run at all; `failure` says why.
  FAILED;

  public boolean isTerminal() {
    return switch (this) {
      case OPEN, RUNNING, CANCELLING -> false;
      case COMPLETED, CANCELLED, FAILED -> true;
    };
  }

  /// What may follow. The last states are left again only by the caller's `retry`.
  public boolean canBecome(TaskState next) {
    return switch (this) {
      case OPEN -> next == RUNNING || next == CANCELLED;
      case RUNNING -> next == COMPLETED || next == CANCELLING || next == FAILED;
      case CANCELLING -> next == CANCELLED;
      case COMPLETED, CANCELLED, FAILED -> next == RUNNING;
    };
  }
}
