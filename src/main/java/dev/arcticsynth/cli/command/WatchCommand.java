package dev.arcticsynth.cli.command;

import dev.arcticsynth.cli.job.TaskFollower;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.TaskArgument;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "watch",
    description = "Show a task's progress until it is over; the exit code tells how it ended.")
public final class WatchCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private TaskArgument task = new TaskArgument();

  public WatchCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return new TaskFollower(context, context.client()).reportWhenOver(task.name()).number;
  }
}
