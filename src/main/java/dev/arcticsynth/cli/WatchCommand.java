package dev.arcticsynth.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "watch",
    description = "Show a task's progress until it is over; the exit code tells how it ended.")
final class WatchCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private TaskArgument task = new TaskArgument();

  WatchCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return new TaskFollower(context, context.client()).reportWhenOver(task.name()).number;
  }
}
