package dev.arcticsynth.cli.terminal;

import dev.arcticsynth.api.model.TaskView;

/// How a command ends, for the script that called it.
public enum ExitCode {
  SUCCEEDED(0),
  SOME_FAILED(1),
  USAGE(2),
  UNREACHABLE(3),
  TASK_FAILED(4);

  public final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /// @param over a task in a terminal state
  public static ExitCode of(TaskView over) {
    if (!over.state().equals("completed")) {
      return TASK_FAILED;
    }
    return over.counts().succeeded() == over.counts().total() ? SUCCEEDED : SOME_FAILED;
  }
}
