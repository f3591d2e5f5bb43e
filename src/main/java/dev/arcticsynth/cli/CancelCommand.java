package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "cancel", description = "Stop a task; what is answered is kept.")
final class CancelCommand implements Callable<Integer> {
  private final CommonOptions common;

  @Mixin private TaskArgument task = new TaskArgument();

  CancelCommand(CommonOptions common) {
    this.common = common;
  }

  @Override
  public Integer call() {
    TaskName name = task.name();
    ArcticClient client = common.client();
    client.cancel(name);
    TaskView now = client.task(name, Duration.ZERO);
    common.print(now, "Task %s is %s.".formatted(name, now.state()));
    return ExitCode.SUCCEEDED.number;
  }
}
