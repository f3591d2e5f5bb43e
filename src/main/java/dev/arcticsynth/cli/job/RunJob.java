package dev.arcticsynth.cli.job;

import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.ResultsSelection;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.client.TaskSubmission;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.TaskOptions;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One job from a file to a file: finds the task of an earlier run or makes it, waits, writes.
public final class RunJob {
  public static final String INPUT_SHA256 = "input_sha256";
  private static final int CONFLICT = 409;

  private final CliContext context;
  private final ArcticClient client;
  private final RunFiles files;
  private final TaskOptions options;
  private final Function<List<ProviderView>, Optional<String>> account;

  /// @param account the provider of a task where the options name none
  public RunJob(
      CliContext context,
      ArcticClient client,
      RunFiles files,
      TaskOptions options,
      Function<List<ProviderView>, Optional<String>> account) {
    this.account = account;
    this.context = context;
    this.client = client;
    this.files = files;
    this.options = options;
  }

  public ExitCode run(boolean messages, boolean retry) {
    Instant begun = context.shell().time().instant();
    String sha256;
    try (var _ = context.phases().begin("Reading the requests")) {
      sha256 = files.input().sha256();
    }
    TaskName name = options.task().orElseGet(() -> TaskName.of(files.input().file(), sha256));
    List<ProviderView> configured = client.providers();
    var providers = new ProviderChoice(configured);
    Optional<String> provider = options.provider().or(() -> account.apply(configured));
    TaskView task = task(name, sha256, provider, providers, retry);
    providers.notice(task.provider(), options.provider()).ifPresent(context.warnings());
    TaskView over = new TaskFollower(context, client).untilOver(name);
    // Also when it has failed: each request has a line with the reason, and what an earlier run
    // has left there must not pass for this one's.
    try (var _ = context.phases().begin("Writing the results")) {
      boolean _ = new ResultsOutput(client, name, wanted(messages)).into(files.output());
    }
    report(over, Duration.between(begun, context.shell().time().instant()));
    return ExitCode.of(over);
  }

  private TaskView task(
      TaskName name,
      String sha256,
      Optional<String> provider,
      ProviderChoice providers,
      boolean retry) {
    var earlier =
        new ResumeCheck(name, files.input().file(), sha256, options.model(), provider, providers);
    return client
        .find(name)
        .map(task -> resumed(earlier.checked(task), retry))
        .orElseGet(() -> submitted(name, sha256, provider, earlier));
  }

  private TaskView resumed(TaskView task, boolean retry) {
    var name = new TaskName(task.name());
    if (TaskRenderer.isOver(task) && retry && ExitCode.of(task) != ExitCode.SUCCEEDED) {
      client.retry(name);
      context.notices().accept("Task %s: retrying what did not succeed.".formatted(name));
      return client.task(name, Duration.ZERO);
    }
    String how = TaskRenderer.isOver(task) ? "is already over" : "is running already";
    context.notices().accept("Task %s %s; nothing is sent twice.".formatted(name, how));
    return task;
  }

  private TaskView submitted(
      TaskName name, String sha256, Optional<String> provider, ResumeCheck earlier) {
    var settings = new LinkedHashMap<>(options.query());
    provider.ifPresent(chosen -> settings.put("provider", chosen));
    settings.put("metadata." + INPUT_SHA256, sha256);
    try {
      var taskSubmission =
          new TaskSubmission(name, settings, files.input().lines(), Optional.of(sha256));
      TaskView task;
      try (var _ = context.phases().begin("Storing the requests")) {
        task = client.submit(taskSubmission);
      }
      long requests = task.counts().total();
      context
          .notices()
          .accept(
              "Task %s: %s %s stored."
                  .formatted(name, Formats.count(requests, "request"), Formats.are(requests)));
      return task;
    } catch (Failure.Refused refused) {
      // Another process runs the same command and was faster.
      Optional<TaskView> other =
          refused.status() == CONFLICT ? client.find(name) : Optional.empty();
      return other.map(earlier::checked).orElseThrow(() -> refused);
    }
  }

  private static ResultsSelection wanted(boolean messages) {
    return new ResultsSelection(messages, Optional.empty());
  }

  private void report(TaskView over, Duration taken) {
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(over));
    }
    var notices = context.notices();
    notices.accept(TaskRenderer.member("Task", over.name() + ", " + TaskRenderer.state(over)));
    notices.accept(TaskRenderer.member("Requests", TaskRenderer.counts(over)));
    notices.accept(TaskRenderer.member("Tokens", TaskRenderer.tokens(over)));
    notices.accept(TaskRenderer.member("Time", Formats.duration(taken)));
    if (over.failure() != null) {
      notices.accept(TaskRenderer.member("Failure", over.failure()));
    }
    notices.accept(TaskRenderer.member("Results", files.output().toString()));
    if (ExitCode.of(over) != ExitCode.SUCCEEDED) {
      notices.accept("The same command with --retry retries what did not succeed.");
    }
  }
}
