package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
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
    description = "Hand over requests and go away; 'watch' and 'results' come back to them.")
final class SubmitCommand implements Callable<Integer> {
  private final CliContext context;

  @Parameters(paramLabel = "INPUT", description = "A file of request lines; '-' is standard input.")
  private Path input = Path.of("-");

  @Mixin private TaskOptions options = new TaskOptions();

  @Mixin private CallbackOptions callback = new CallbackOptions();

  @Option(names = "--wait", description = "Stay until the task is over, like 'watch'.")
  private boolean wait;

  SubmitCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var lines = new Input(input);
    Optional<String> sha256 = lines.isStdin() ? Optional.empty() : Optional.of(lines.sha256());
    var settings = new LinkedHashMap<>(options.query());
    settings.putAll(callback.query());
    var submission =
        new Submission(
            name(lines), settings, callback.headers(context.shell()), lines.lines(), sha256);
    ArcticClient client = context.client();
    TaskView task = client.submit(submission);
    if (wait) {
      return new TaskFollower(context, client).reportWhenOver(submission.task()).number;
    }
    if (context.isJson()) {
      context.terminal().print(Json.line(task));
    } else {
      long requests = task.counts().total();
      context.terminal().print(task.name());
      context
          .notices()
          .accept(
              "Task %s: %s %s stored; follow the task with 'watch %1$s'."
                  .formatted(task.name(), Text.count(requests, "request"), Text.are(requests)));
    }
    return ExitCode.SUCCEEDED.number;
  }

  private TaskName name(Input lines) {
    return options.task().orElseGet(() -> nameOf(lines));
  }

  private static TaskName nameOf(Input lines) {
    if (lines.isStdin()) {
      throw new Failure.Usage(
          "Requests from standard input need a name for their task: --task NAME.");
    }
    return TaskName.of(lines.file());
  }
}
