package dev.arcticsynth.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List all tasks.")
final class ListCommand implements Callable<Integer> {
  private final CommonOptions common;

  ListCommand(CommonOptions common) {
    this.common = common;
  }

  @Override
  public Integer call() {
    TaskList.print(common, common.client());
    return ExitCode.SUCCEEDED.number;
  }
}
