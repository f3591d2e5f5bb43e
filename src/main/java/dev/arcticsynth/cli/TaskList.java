package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.util.List;

/// All tasks of the caller, a line each.
final class TaskList {
  private TaskList() {}

  static void print(CommonOptions common, ArcticClient client) {
    List<TaskView> tasks = client.tasks();
    if (common.isJson()) {
      common.terminal().print(Json.line(tasks));
    } else if (tasks.isEmpty()) {
      common.notices().accept("There are no tasks; 'submit' makes one.");
    } else {
      table(tasks).lines().forEach(common.terminal()::print);
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
