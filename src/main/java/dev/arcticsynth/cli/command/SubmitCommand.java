package dev.arcticsynth.cli.command;

import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.client.TaskSubmission;
import dev.arcticsynth.cli.job.InputFile;
import dev.arcticsynth.cli.job.ProviderChoice;
import dev.arcticsynth.cli.job.TaskFollower;
import dev.arcticsynth.cli.options.CallbackOptions;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.TaskOptions;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "submit",
    description =
        "Submit requests as a task; follow it with 'watch', fetch its results with 'results'.")
public final class SubmitCommand implements Callable<Integer> {
  private static final String SIMULATOR = "simulator";

  private final CliContext context;

  @Parameters(paramLabel = "INPUT", description = "A file of request lines; '-' is standard input.")
  private Path input = Path.of("-");

  @Mixin private TaskOptions options = new TaskOptions();

  @Mixin private CallbackOptions callback = new CallbackOptions();

  @Option(names = "--wait", description = "Wait until the task is over, like 'watch'.")
  private boolean wait;

  public SubmitCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var lines = new InputFile(input);
    Optional<String> sha256 = lines.isStdin() ? Optional.empty() : Optional.of(lines.sha256());
    var settings = new LinkedHashMap<>(options.query());
    settings.putAll(callback.query());
    var taskSubmission =
        new TaskSubmission(
            name(lines), settings, callback.headers(context.shell()), lines.lines(), sha256);
    ArcticClient client = context.client();
    TaskView task;
    try (var _ = context.phases().begin("Storing the requests")) {
      task = client.submit(taskSubmission);
    }
    warn(client, task);
    if (wait) {
      return new TaskFollower(context, client).reportWhenOver(taskSubmission.task()).number;
    }
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(task));
    } else {
      long requests = task.counts().total();
      context.terminal().print(task.name());
      context
          .notices()
          .accept(
              "Task %s: %s %s stored; follow the task with 'watch %1$s'."
                  .formatted(
                      task.name(), Formats.count(requests, "request"), Formats.are(requests)));
    }
    return ExitCode.SUCCEEDED.number;
  }

  /// A server has credentials of its own, or none: then its default is a provider of this name.
  private void warn(ArcticClient client, TaskView task) {
    if (!task.provider().equals(SIMULATOR)) {
      return;
    }
    try {
      new ProviderChoice(client.providers())
          .notice(task.provider(), options.provider())
          .ifPresent(context.warnings());
    } catch (Failure _) {
      // The requests are stored; what comes next says what is wrong.
    }
  }

  private TaskName name(InputFile lines) {
    return options.task().orElseGet(() -> nameOf(lines));
  }

  private static TaskName nameOf(InputFile lines) {
    if (lines.isStdin()) {
      throw new Failure.Usage(
          "Requests from standard input need a name for their task: --task NAME.");
    }
    return TaskName.of(lines.file());
  }
}
