package dev.arcticsynth.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "delete",
    description = "Delete a task that is over, with its results and its files at the provider.")
final class DeleteCommand implements Callable<Integer> {
  private final CommonOptions common;

  @Mixin private TaskArgument task = new TaskArgument();

  DeleteCommand(CommonOptions common) {
    this.common = common;
  }

  @Override
  public Integer call() {
    TaskName name = task.name();
    common.client().delete(name);
    common.print(Map.of("deleted", name.value()), "Task %s is deleted.".formatted(name));
    return ExitCode.SUCCEEDED.number;
  }
}
