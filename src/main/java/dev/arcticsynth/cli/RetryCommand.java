package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "retry", description = "Ask failed and cancelled requests again.")
final class RetryCommand implements Callable<Integer> {
  private final CommonOptions common;

  @Mixin private TaskArgument task = new TaskArgument();

  RetryCommand(CommonOptions common) {
    this.common = common;
  }

  @Override
  public Integer call() {
    TaskName name = task.name();
    ArcticClient client = common.client();
    client.retry(name);
    TaskView now = client.task(name, Duration.ZERO);
    common.print(now, "Task %s is %s.".formatted(name, now.state()));
    return ExitCode.SUCCEEDED.number;
  }
}
