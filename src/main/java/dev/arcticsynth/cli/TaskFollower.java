package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.time.Duration;
import java.time.Instant;

/// Follows a task until it is over, and shows its progress.
final class TaskFollower {
  private static final Duration HELD = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final CliContext context;
  private final ArcticClient client;
  private final Time time;
  private final Patience patience;

  TaskFollower(CliContext context, ArcticClient client) {
    this.context = context;
    this.client = client;
    this.time = context.shell().time();
    this.patience = context.patience();
  }

  TaskView untilOver(TaskName name) {
    try (Progress progress = context.progress()) {
      TaskView task = patience.ask(() -> client.task(name, Duration.ZERO));
      String waiting = "";
      while (true) {
        progress.show(task);
        waiting = told(task, waiting);
        if (TaskText.isOver(task)) {
          return task;
        }
        task = next(name);
      }
    }
  }

  /// Also prints the outcome, and gives the exit code for it.
  ExitCode reportWhenOver(TaskName name) {
    TaskView task = untilOver(name);
    context.print(task, sentence(task));
    return ExitCode.of(task);
  }

  private String told(TaskView task, String before) {
    var waiting = task.waitingFor();
    String reason = waiting == null ? "" : waiting.reason();
    if (!reason.isEmpty() && !reason.equals("batch") && !reason.equals(before)) {
      TaskText.waiting(task).ifPresent(context.notices());
    }
    return reason;
  }

  // A server that does not hold the answer back must not be asked in a tight loop.
  private TaskView next(TaskName name) {
    Instant asked = time.instant();
    TaskView task = patience.ask(() -> client.task(name, HELD));
    Duration taken = Duration.between(asked, time.instant());
    if (!TaskText.isOver(task) && taken.compareTo(BETWEEN) < 0) {
      time.pause(BETWEEN.minus(taken));
    }
    return task;
  }

  private static String sentence(TaskView task) {
    String reason = task.failure() == null ? "" : " Reason: " + task.failure();
    return "Task %s is %s. Requests %s.%s"
        .formatted(task.name(), TaskText.state(task), TaskText.counts(task), reason);
  }
}
