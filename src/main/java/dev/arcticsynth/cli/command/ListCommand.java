package dev.arcticsynth.cli.command;

import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List all tasks.")
public final class ListCommand implements Callable<Integer> {
  private final CliContext context;

  public ListCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    list(context, context.client());
    return ExitCode.SUCCEEDED.number;
  }

  /// All tasks of the caller, a line each.
  static void list(CliContext context, ArcticClient client) {
    List<TaskView> tasks = client.tasks();
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(tasks));
    } else if (tasks.isEmpty()) {
      context.notices().accept("There are no tasks; 'submit' makes one.");
    } else {
      table(tasks).lines().forEach(context.terminal()::print);
    }
  }

  private static Table table(List<TaskView> tasks) {
    var table =
        new Table("NAME", "STATE", "PROVIDER", "REQUESTS", "SUCCEEDED", "FAILED", "CREATED");
    for (TaskView task : tasks) {
      table.row(
          task.name(),
          task.state(),
          task.provider(),
          Formats.number(task.counts().total()),
          Formats.number(task.counts().succeeded()),
          Formats.number(task.counts().failed()),
          Formats.time(task.createdAt()));
    }
    return table;
  }
}
