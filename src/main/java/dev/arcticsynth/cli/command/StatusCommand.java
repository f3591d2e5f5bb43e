package dev.arcticsynth.cli.command;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description = "Show one task and its partitions, or the list of all tasks.")
public final class StatusCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(arity = "0..1", paramLabel = "TASK", description = "The task's name (all tasks).")
  private Optional<String> task = Optional.empty();

  public StatusCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ArcticClient client = context.client();
    task.map(TaskName::new)
        .ifPresentOrElse(name -> show(client, name), () -> ListCommand.list(context, client));
    return ExitCode.SUCCEEDED.number;
  }

  private void show(ArcticClient client, TaskName name) {
    TaskView view = client.task(name, Duration.ZERO);
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(view));
      return;
    }
    List<PartitionView> partitions = client.partitions(name);
    TaskRenderer.block(view, partitions).forEach(context.terminal()::print);
  }
}
