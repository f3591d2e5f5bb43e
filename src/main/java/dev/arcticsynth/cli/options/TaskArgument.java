package dev.arcticsynth.cli.options;

import dev.arcticsynth.cli.client.TaskName;
import picocli.CommandLine.Parameters;

/// The task that a command is about.
public final class TaskArgument {
  @Parameters(paramLabel = "TASK", description = "The task's name.")
  private String name = "";

  public TaskName name() {
    return new TaskName(name);
  }
}
