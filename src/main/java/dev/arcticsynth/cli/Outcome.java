package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;

/// Waits for a task, tells how it ended and gives the exit code for it.
final class Outcome {
  private final CommonOptions common;
  private final ArcticClient client;

  Outcome(CommonOptions common, ArcticClient client) {
    this.common = common;
    this.client = client;
  }

  int await(TaskName name) {
    TaskView task = common.watch(client).untilOver(name, common.progress());
    common.print(task, sentence(task));
    return ExitCode.of(task).number;
  }

  static String sentence(TaskView task) {
    String reason = task.failure() == null ? "" : " Reason: " + task.failure();
    return "Task %s is %s. Requests %s.%s"
        .formatted(task.name(), TaskText.state(task), TaskText.counts(task), reason);
  }
}
