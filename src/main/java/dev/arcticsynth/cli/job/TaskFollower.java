package dev.arcticsynth.cli.job;

import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.ServerRetry;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.ProgressDisplay;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import dev.arcticsynth.cli.terminal.Time;
import java.time.Duration;
import java.time.Instant;

/// Follows a task until it is over, and shows its progress.
public final class TaskFollower {
  private static final Duration HELD = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final CliContext context;
  private final ArcticClient client;
  private final Time time;
  private final ServerRetry serverRetry;

  public TaskFollower(CliContext context, ArcticClient client) {
    this.context = context;
    this.client = client;
    this.time = context.shell().time();
    this.serverRetry = context.patience();
  }

  public TaskView untilOver(TaskName name) {
    try (ProgressDisplay progressDisplay = context.progress()) {
      TaskView task = serverRetry.ask(() -> client.task(name, Duration.ZERO));
      String waiting = "";
      while (true) {
        progressDisplay.show(task);
        waiting = notifyOfWait(task, waiting);
        if (TaskRenderer.isOver(task)) {
          return task;
        }
        task = next(name);
      }
    }
  }

  /// Also prints the outcome, and gives the exit code for it.
  public ExitCode reportWhenOver(TaskName name) {
    TaskView task = untilOver(name);
    context.print(task, sentence(task));
    return ExitCode.of(task);
  }

  private String notifyOfWait(TaskView task, String before) {
    var waiting = task.waitingFor();
    String reason = waiting == null ? "" : waiting.reason();
    if (!reason.isEmpty() && !reason.equals("batch") && !reason.equals(before)) {
      TaskRenderer.waiting(task).ifPresent(context.notices());
    }
    return reason;
  }

  // A server that does not hold the answer back must not be polled in a tight loop.
  private TaskView next(TaskName name) {
    Instant asked = time.instant();
    TaskView task = serverRetry.ask(() -> client.task(name, HELD));
    Duration taken = Duration.between(asked, time.instant());
    if (!TaskRenderer.isOver(task) && taken.compareTo(BETWEEN) < 0) {
      time.pause(BETWEEN.minus(taken));
    }
    return task;
  }

  private static String sentence(TaskView task) {
    String reason = task.failure() == null ? "" : " Reason: " + task.failure();
    return "Task %s is %s. Requests %s.%s"
        .formatted(task.name(), TaskRenderer.state(task), TaskRenderer.counts(task), reason);
  }
}
