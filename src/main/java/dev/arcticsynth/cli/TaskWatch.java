package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// Follows a task until it is over.
final class TaskWatch {
  private static final Duration HELD = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final ArcticClient client;
  private final Time time;
  private final Consumer<String> notices;
  private final Patience patience;

  TaskWatch(ArcticClient client, Time time, Consumer<String> notices) {
    this.client = client;
    this.time = time;
    this.notices = notices;
    this.patience = new Patience(time, notices);
  }

  /// Closes the progress.
  TaskView untilOver(TaskName name, Progress progress) {
    try (progress) {
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

  private String told(TaskView task, String before) {
    var waiting = task.waitingFor();
    String reason = waiting == null ? "" : waiting.reason();
    if (!reason.isEmpty() && !reason.equals("batch") && !reason.equals(before)) {
      TaskText.waiting(task).ifPresent(notices);
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
}
