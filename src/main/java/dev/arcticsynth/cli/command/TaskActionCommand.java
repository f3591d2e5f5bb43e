package dev.arcticsynth.cli.command;

import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.TaskArgument;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cancel`, `retry` and `delete`: one call about one task, and a sentence on its outcome.
@Command
public final class TaskActionCommand implements Callable<Integer> {
  private enum Action {
    CANCEL,
    RETRY,
    DELETE
  }

  private final CliContext context;
  private final Action action;

  @Mixin private TaskArgument task = new TaskArgument();

  private TaskActionCommand(CliContext context, Action action) {
    this.context = context;
    this.action = action;
  }

  public static CommandLine cancel(CliContext context) {
    return named(
        "cancel",
        "Cancel a task; answers so far are kept.",
        new TaskActionCommand(context, Action.CANCEL));
  }

  public static CommandLine retry(CliContext context) {
    return named(
        "retry",
        "Retry failed and cancelled requests.",
        new TaskActionCommand(context, Action.RETRY));
  }

  public static CommandLine delete(CliContext context) {
    return named(
        "delete",
        "Delete a task that is over, with its results and its files at the provider.",
        new TaskActionCommand(context, Action.DELETE));
  }

  private static CommandLine named(String name, String description, TaskActionCommand command) {
    var line = new CommandLine(command);
    line.getCommandSpec().name(name).usageMessage().description(description);
    return line;
  }

  @Override
  public Integer call() {
    TaskName name = task.name();
    ArcticClient client = context.client();
    switch (action) {
      case CANCEL -> {
        client.cancel(name);
        showState(client, name);
      }
      case RETRY -> {
        client.retry(name);
        showState(client, name);
      }
      case DELETE -> {
        client.delete(name);
        context.print(Map.of("deleted", name.value()), "Task %s is deleted.".formatted(name));
      }
    }
    return ExitCode.SUCCEEDED.number;
  }

  /// Until then nothing of it reaches the provider.
  private static boolean needsPerson(TaskView task) {
    return task.waitingFor() != null && task.waitingFor().reason().equals("operator");
  }

  private void showState(ArcticClient client, TaskName name) {
    var now = client.task(name, Duration.ZERO);
    context.print(now, "Task %s is %s.".formatted(name, now.state()));
    TaskRenderer.waiting(now).filter(_ -> needsPerson(now)).ifPresent(context.warnings());
  }
}
