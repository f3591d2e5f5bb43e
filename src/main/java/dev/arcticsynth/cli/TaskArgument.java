package dev.arcticsynth.cli;

import picocli.CommandLine.Parameters;

/// The task that a command is about.
final class TaskArgument {
  @Parameters(paramLabel = "TASK", description = "The task's name.")
  private String name = "";

  TaskName name() {
    return new TaskName(name);
  }
}
