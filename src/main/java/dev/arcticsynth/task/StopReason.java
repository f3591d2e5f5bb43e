package dev.arcticsynth.task;

/// Why a task was stopped, and the error of its unanswered requests.
public enum StopReason {
  CALLER("cancelled", "Cancelled before it was answered."),
  DEADLINE("deadline_exceeded", "Not answered before the task's deadline.");

  private final String code;
  private final String message;

  StopReason(String code, String message) {
    this.code = code;
    this.message = message;
  }

  /// The code of their error lines.
  public String code() {
    return code;
  }

  /// The sentence of their error lines.
  public String message() {
    return message;
  }
}
