package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List all tasks.")
final class ListCommand implements Callable<Integer> {
  private final CliContext context;

  ListCommand(CliContext context) {
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
      context.terminal().print(Json.line(tasks));
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
          Text.number(task.counts().total()),
          Text.number(task.counts().succeeded()),
          Text.number(task.counts().failed()),
          Text.time(task.createdAt()));
    }
    return table;
  }
}
