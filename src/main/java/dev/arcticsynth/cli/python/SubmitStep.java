package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.util.List;
import java.util.Objects;

/// `-s`: creates the batches, and waits until each has its id.
record SubmitStep(StepTask step, boolean retry) {

  TaskSnapshot run() {
    TaskSnapshot before = step.look();
    if (before.isOver()) {
      again(before);
    } else {
      boolean _ = new AdoptStep(step).run(before);
      step.start();
      step.refresh();
    }
    TaskSnapshot look = step.await(TaskSnapshot::isSubmitted);
    writeIds(step, look);
    BatchTable.show(step, "submit", look);
    return look;
  }

  private void again(TaskSnapshot over) {
    if (retry && ExitCode.of(over.task()) != ExitCode.SUCCEEDED) {
      step.client().retry(step.name());
      step.say("Task %s: retrying what did not succeed.".formatted(step.folder().task()));
    } else {
      step.say(
          "Task %s is over already (%s); nothing is sent twice. -d fetches the results%s."
              .formatted(
                  step.folder().task(),
                  TaskRenderer.state(over.task()),
                  ExitCode.of(over.task()) == ExitCode.SUCCEEDED
                      ? ""
                      : ", -s --retry retries what did not succeed"));
    }
  }

  static void writeIds(StepTask step, TaskSnapshot look) {
    List<String> ids =
        look.partitions().stream()
            .map(PartitionView::remoteBatchId)
            .filter(Objects::nonNull)
            .toList();
    WorkFolder.write(step.folder().batchIds(), ids);
  }
}
