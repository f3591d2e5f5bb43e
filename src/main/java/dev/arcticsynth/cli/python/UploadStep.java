package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.client.TaskSubmission;
import dev.arcticsynth.cli.job.RunJob;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// `-u`: submits the request files with a hold, and waits until they are uploaded.
record UploadStep(StepTask step, RequestFiles files) {
  private static final String SHA256 = RunJob.INPUT_SHA256;

  TaskSnapshot run() {
    TaskView task = stored();
    if (task.state().equals("open")) {
      step.upload();
    } else if (!TaskRenderer.isOver(task)) {
      step.refresh();
    }
    TaskSnapshot look = step.await(TaskSnapshot::isUploaded);
    writeIds(step, look);
    show(look);
    return look;
  }

  /// The requests are in the service, and what another client has submitted of them is taken over.
  TaskView stored() {
    TaskView task = step.find().map(this::resumed).orElseGet(this::begun);
    return new AdoptStep(step).run() ? step.look().task() : task;
  }

  static void writeIds(StepTask step, TaskSnapshot look) {
    WorkFolder.write(
        step.folder().fileIds(),
        look.partitions().stream()
            .map(PartitionView::remoteFileId)
            .filter(Objects::nonNull)
            .toList());
  }

  private TaskView resumed(TaskView task) {
    difference(task)
        .ifPresent(difference -> {
          throw new Failure.Usage(difference);
        });
    step.say(
        "Task %s was submitted before; nothing is uploaded twice.".formatted(step.folder().task()));
    return task;
  }

  private Optional<String> difference(TaskView task) {
    if (!files.sha256().equals(task.metadata().get(SHA256))) {
      return Optional.of(
          "%s has other requests than those that task %s was uploaded with. Restore the old ones; or move the new ones to a task of another name (-t). (A copied folder is the same task: without its account.txt, file_ids.txt and batch_ids.txt it is one of its own. To start over under this name, delete the old task first: '%s' in 'serve' and 'delete'.)"
              .formatted(step.folder().requests(), step.folder().task(), step.name()));
    }
    return step.provider()
        .filter(wanted -> !wanted.equals(task.provider()))
        .map(wanted ->
            "Task %s was submitted to provider %s, not %s, and stays there."
                .formatted(step.folder().task(), task.provider(), wanted));
  }

  private TaskView begun() {
    var settings = new LinkedHashMap<String, String>();
    step.provider().ifPresent(name -> settings.put("provider", name));
    settings.put("batch_size", String.valueOf(Math.min(files.batchSize(), Integer.MAX_VALUE)));
    settings.put("auto", "false");
    settings.put("metadata." + SHA256, files.sha256());
    try {
      TaskView task;
      try (var _ = step.context().phases().begin("Storing the requests")) {
        task =
            step.client()
                .submit(
                    new TaskSubmission(
                        step.name(),
                        settings,
                        Map.of(),
                        files.lines(),
                        Optional.of(files.sha256())));
      }
      long requests = task.counts().total();
      step.say(
          "Task %s: %s of %s %s stored."
              .formatted(
                  step.folder().task(),
                  Formats.count(requests, "request"),
                  Formats.count(files.files().size(), "file"),
                  Formats.are(requests)));
      return task;
    } catch (Failure.Refused refused) {
      throw refused.at(files::place);
    }
  }

  private void show(TaskSnapshot look) {
    var table = new Table("File ID", "Status");
    for (PartitionView partition : look.partitions()) {
      table.row(Formats.of(partition.remoteFileId()), status(partition));
    }
    step.show("upload", look, table);
    TaskRenderer.waiting(look.task()).filter(_ -> look.waitsFor("quota")).ifPresent(step::say);
  }

  private static String status(PartitionView partition) {
    return TaskSnapshot.hasBatch(partition)
        ? "submitted"
        : TaskSnapshot.isOver(partition)
            ? partition.state()
            : TaskSnapshot.isHeld(partition) ? "uploaded" : "waiting";
  }
}
