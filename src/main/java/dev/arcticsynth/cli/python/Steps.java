package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.job.FetchedFile;
import dev.arcticsynth.cli.job.InterruptHook;
import dev.arcticsynth.cli.job.ProviderChoice;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.service.RunningService;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.util.Optional;

/// Runs the steps that the flags select, in their natural order.
public final class Steps {
  private final CliContext context;
  private final StepFlags flags;
  private final RunningService.Starter starter;

  public Steps(CliContext context, StepFlags flags, RunningService.Starter starter) {
    this.context = context;
    this.flags = flags;
    this.starter = starter;
  }

  public ExitCode run() {
    flags.check();
    // Before anything is started: a folder that holds nothing is no reason to boot a service.
    Optional<WorkFolder> folder = flags.isStep() ? Optional.of(flags.folder()) : Optional.empty();
    Optional<RequestFiles> files =
        flags.isUpload() ? folder.map(RequestFiles::of) : Optional.empty();
    try (var _ = new InterruptHook(context.terminal());
        var target = StepTarget.of(context, flags, folder, starter)) {
      ExitCode code = ExitCode.SUCCEEDED;
      if (folder.isPresent()) {
        code = steps(target.task(folder.get()), files, target);
      }
      if (flags.cleanOlderThan().isPresent()) {
        ExitCode cleaned =
            new CleanFilesStep(context, target.client().storage(target.providerName()))
                .run(flags.cleanOlderThan().get(), flags.isAll(), flags.isYes());
        return code == ExitCode.SUCCEEDED ? cleaned : code;
      }
      return code;
    }
  }

  private ExitCode steps(StepTask task, Optional<RequestFiles> files, StepTarget target) {
    Optional<TaskSnapshot> look = Optional.empty();
    if (files.isEmpty() && isOfAnotherClient(task)) {
      target.keepAccount(task.name());
      var _ = new UploadStep(task, RequestFiles.of(task.folder())).stored();
    }
    if (files.isPresent()) {
      target.keepAccount(task.name());
      TaskSnapshot uploaded = new UploadStep(task, files.get()).run();
      new ProviderChoice(task.client().providers())
          .notice(uploaded.task().provider(), flags.provider())
          .ifPresent(context.warnings());
      look = Optional.of(uploaded);
    }
    if (flags.isSubmit()) {
      look = Optional.of(new SubmitStep(task, flags.isRetry()).run());
    }
    if (flags.isCancel()) {
      look = Optional.of(new CancelStep(task).run());
    }
    if (flags.isRetrieve()) {
      look = Optional.of(new RetrieveStep(task).run());
    }
    // Also when the task has failed: there is a line for each request, and the reason is in it.
    if (flags.from().isPresent()) {
      var file = new FetchedFile(context, task.client(), task.name(), flags.from().get());
      return file.into(file.beside());
    }
    return flags.isDownload()
        ? new DownloadStep(task, flags.isWait(), flags.isMessages()).run()
        : look.filter(last -> !flags.isCancel() || !last.task().state().equals("cancelled"))
            .map(last -> ended(task, last))
            .orElse(ExitCode.SUCCEEDED);
  }

  /// Another client has begun with this folder: where it stands is found out before any step.
  private static boolean isOfAnotherClient(StepTask task) {
    return !FolderIds.of(task.folder()).isEmpty() && task.find().isEmpty();
  }

  /// A step has succeeded where the task continues or was answered, whatever the answers. Judged by
  /// the last poll: `-s --retry` retries what `-u` found failed.
  private static ExitCode ended(StepTask step, TaskSnapshot last) {
    if (!last.isOver() || ExitCode.of(last.task()) != ExitCode.TASK_FAILED) {
      return ExitCode.SUCCEEDED;
    }
    String reason = last.task().failure();
    step.say(
        "Task %s is %s.%s"
            .formatted(
                step.folder().task(),
                TaskRenderer.state(last.task()),
                reason == null ? "" : " Reason: " + reason));
    return ExitCode.TASK_FAILED;
  }
}
