package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/// The task that steps are about: where it is, and what it is called there.
///
/// @param provider the task's provider; the server's default when absent
record StepTask(
    CliContext context,
    ArcticClient client,
    WorkFolder folder,
    TaskName name,
    Optional<String> provider) {
  private static final Duration BETWEEN = Duration.ofMillis(500);

  /// More than the settling after a create whose outcome is unknown (`arctic.submit.settle`).
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private static final Duration BETWEEN_NOTICES = Duration.ofSeconds(10);

  /// The task, if it was ever uploaded.
  Optional<TaskView> find() {
    return context.patience().ask(() -> client.find(name));
  }

  /// As it is now; fails where it was never uploaded.
  TaskSnapshot look() {
    return context
        .patience()
        .ask(() -> client.find(name).map(task -> new TaskSnapshot(task, client.partitions(name))))
        .orElseThrow(() ->
            new Failure.Usage(
                "Nothing of task %s was uploaded from %s; begin with -u."
                    .formatted(folder.task(), folder.path())));
  }

  /// Polls until it is so; fails where an operator must act first.
  ///
  /// @param there what is waited for, given since when
  TaskSnapshot await(BiPredicate<TaskSnapshot, Instant> there) {
    Instant since = context.shell().time().instant();
    Instant lastNotice = since;
    Instant answered = since;
    while (true) {
      TaskSnapshot look = look();
      if (there.test(look, since)) {
        return look;
      }
      look.need(since)
          .ifPresent(need -> {
            throw Failure.Unreachable.forGood(
                "Task %s is held up. %s".formatted(folder.task(), need));
          });
      Instant now = context.shell().time().instant();
      answered = look.waitsFor("provider") ? answered : now;
      if (answered.plus(SILENCE).isBefore(now)) {
        throw Failure.Unreachable.forGood(
            "Task %s: the provider has not answered for %s; the same command resumes. %s"
                .formatted(folder.task(), Formats.duration(SILENCE), progress(look)));
      }
      if (!lastNotice.plus(BETWEEN_NOTICES).isAfter(now)) {
        lastNotice = now;
        context.notices().accept(progress(look));
      }
      context.shell().time().pause(BETWEEN);
    }
  }

  void upload() {
    retryUntilDone(ArcticClient::upload);
  }

  void start() {
    retryUntilDone(ArcticClient::start);
  }

  void cancel() {
    retryUntilDone(ArcticClient::cancel);
  }

  /// Polls the provider now, and retries what waits for an operator.
  void refresh() {
    retryUntilDone(ArcticClient::refresh);
  }

  /// Retries until the server answers: these actions are idempotent.
  private void retryUntilDone(BiConsumer<ArcticClient, TaskName> action) {
    TaskName _ =
        context
            .patience()
            .ask(() -> {
              action.accept(client, name);
              return name;
            });
  }

  void say(String sentence) {
    context.notices().accept(sentence);
  }

  /// The table for people, the facts for programs.
  void show(String step, TaskSnapshot look, Table table) {
    if (context.isJson()) {
      context
          .terminal()
          .print(
              JsonCodec.line(new StepReport(step, folder.task(), look.task(), look.partitions())));
    } else {
      table.lines().forEach(context.terminal()::print);
    }
  }

  private static String progress(TaskSnapshot look) {
    return TaskRenderer.waiting(look.task()).orElseGet(() -> TaskRenderer.progress(look.task()));
  }

  /// What a step prints for programs.
  private record StepReport(
      String step, String name, TaskView task, List<PartitionView> partitions) {}
}
