package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.ResultsSelection;
import dev.arcticsynth.cli.job.ResultsOutput;
import dev.arcticsynth.cli.job.TaskFollower;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `-d`: writes what is answered, a file a batch, and the results when the task is over, however it
/// ended: each request has a line, and those of an earlier end must not pass for this one's.
record DownloadStep(StepTask step, boolean stay, boolean messages) {

  ExitCode run() {
    TaskSnapshot look = ready();
    List<Path> written = batches(look);
    if (!look.isOver()) {
      throw notYet(look, written.size());
    }
    written.addAll(results());
    SubmitStep.writeIds(step, look);
    report(look.task(), written);
    return ExitCode.of(look.task());
  }

  private TaskSnapshot ready() {
    TaskSnapshot before = requireSubmitted(step.look());
    if (before.isOver()) {
      return before;
    }
    step.refresh();
    TaskSnapshot look =
        requireSubmitted(
            step.await((now, since) -> (stay && now.hasBatches()) || now.isAtRest(since)));
    if (look.isOver() || !stay) {
      return look;
    }
    TaskView _ = new TaskFollower(step.context(), step.client()).untilOver(step.name());
    return step.look();
  }

  /// A task that waits for its caller would never end.
  private TaskSnapshot requireSubmitted(TaskSnapshot look) {
    if (look.isHeld()) {
      throw new Failure.Usage(
          "Task %s has no batches yet; nothing was written. -s creates them."
              .formatted(step.folder().task()));
    }
    return look;
  }

  private List<Path> batches(TaskSnapshot look) {
    var written = new ArrayList<Path>();
    for (PartitionView partition : look.partitions()) {
      String batch = partition.remoteBatchId();
      if (batch != null && partition.state().equals("downloaded")) {
        written.add(write(step.folder().download(batch), ResultsSelection.of(partition.ordinal())));
      }
    }
    return written;
  }

  private List<Path> results() {
    var written = new ArrayList<Path>();
    written.add(write(step.folder().results(), new ResultsSelection(false, Optional.empty())));
    if (messages) {
      written.add(write(step.folder().messages(), new ResultsSelection(true, Optional.empty())));
    }
    return written;
  }

  private Path write(Path file, ResultsSelection wanted) {
    WorkFolder.makeFolderOf(file);
    boolean _ = new ResultsOutput(step.client(), step.name(), wanted).into(file);
    return file;
  }

  private Failure.Usage notYet(TaskSnapshot look, int files) {
    String there =
        files == 0
            ? "nothing was written"
            : "what is answered is in %s, and %s follows when all is"
                .formatted(
                    step.folder().path().resolve("downloads"),
                    step.folder().results().getFileName());
    String why =
        TaskRenderer.waiting(look.task())
            .filter(_ -> !look.waitsFor("batch"))
            .map(w -> " " + w)
            .orElse("");
    return new Failure.Usage(
        "Task %s is not over: %s; %s.%s Run -d again later, or with --wait."
            .formatted(step.folder().task(), TaskRenderer.counts(look.task()), there, why));
  }

  private void report(TaskView over, List<Path> written) {
    var context = step.context();
    if (context.isJson()) {
      context
          .terminal()
          .print(
              JsonCodec.line(
                  new Downloaded(
                      "download",
                      step.folder().task(),
                      over,
                      written.stream().map(Path::toString).toList())));
    }
    step.say(TaskRenderer.member("Task", step.folder().task() + ", " + TaskRenderer.state(over)));
    step.say(TaskRenderer.member("Requests", TaskRenderer.counts(over)));
    if (over.failure() != null) {
      step.say(TaskRenderer.member("Failure", over.failure()));
    }
    step.say(TaskRenderer.member("Results", step.folder().results().toString()));
    if (ExitCode.of(over) != ExitCode.SUCCEEDED) {
      step.say("-s --retry retries what did not succeed.");
    }
  }

  /// What this step prints for programs.
  private record Downloaded(String step, String name, TaskView task, List<String> files) {}
}
