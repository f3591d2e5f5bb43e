package dev.arcticsynth.cli;

import dev.arcticsynth.api.model.TaskView;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tasks as a server would answer them.
final class Tasks {
  private static final Instant CREATED = Instant.parse("2026-11-03T11:00:00Z");

  static final Instant BATCH_MADE = Instant.parse("2026-11-03T11:30:00Z");

  private Tasks() {}

  static TaskView in(String state, TaskView task) {
    return new TaskView(
        task.name(),
        state,
        task.provider(),
        task.model(),
        task.endpoint(),
        false,
        task.counts(),
        task.partitions(),
        task.usage(),
        task.waitingFor(),
        task.failure(),
        task.stoppedBy(),
        task.metadata(),
        task.deadline(),
        task.createdAt(),
        task.submittedAt(),
        task.finishedAt());
  }

  static TaskView running(String name, long answered, long total) {
    return task(name, "running", counts(total, 0, 0, 0, answered), Map.of("submitted", 2), null);
  }

  static TaskView completed(String name, long succeeded, long failed) {
    long total = succeeded + failed;
    return task(
        name,
        "completed",
        counts(total, succeeded, failed, 0, total),
        Map.of("downloaded", 2),
        null);
  }

  static TaskView cancelled(String name) {
    return task(name, "cancelled", counts(3, 1, 0, 2, 1), Map.of(), null);
  }

  static TaskView failed(String name, String failure) {
    return task(name, "failed", counts(3, 0, 0, 0, 0), Map.of(), failure);
  }

  static TaskView of(TaskView task, String provider, Map<String, String> metadata) {
    return new TaskView(
        task.name(),
        task.state(),
        provider,
        task.model(),
        task.endpoint(),
        task.auto(),
        task.counts(),
        task.partitions(),
        task.usage(),
        task.waitingFor(),
        task.failure(),
        task.stoppedBy(),
        metadata,
        task.deadline(),
        task.createdAt(),
        task.submittedAt(),
        task.finishedAt());
  }

  static TaskView waiting(TaskView task, TaskView.WaitingFor waitingFor) {
    return new TaskView(
        task.name(),
        task.state(),
        task.provider(),
        task.model(),
        task.endpoint(),
        task.auto(),
        task.counts(),
        task.partitions(),
        task.usage(),
        waitingFor,
        task.failure(),
        task.stoppedBy(),
        task.metadata(),
        task.deadline(),
        task.createdAt(),
        task.submittedAt(),
        task.finishedAt());
  }

  private static TaskView.Counts counts(
      long total, long succeeded, long failed, long cancelled, long answered) {
    return new TaskView.Counts(total, succeeded, failed, cancelled, answered);
  }

  private static TaskView task(
      String name,
      String state,
      TaskView.Counts counts,
      Map<String, Integer> partitions,
      @Nullable String failure) {
    return new TaskView(
        name,
        state,
        "openai",
        "gpt-4o-mini",
        null,
        true,
        counts,
        partitions,
        new TaskView.Usage(1200, 3400, 4600),
        null,
        failure,
        state.equals("cancelled") ? "caller" : null,
        Map.of(),
        null,
        CREATED,
        CREATED,
        null);
  }
}
