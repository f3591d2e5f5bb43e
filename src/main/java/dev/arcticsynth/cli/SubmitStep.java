package dev.arcticsynth.cli;

import dev.arcticsynth.api.PartitionView;
import java.util.List;
import java.util.Objects;

/// `-s`: has the batches made, and waits until each has its id.
record SubmitStep(StepTask step, boolean retry) {

  TaskLook run() {
    TaskLook before = step.look();
    if (before.isOver()) {
      again(before);
    } else {
      step.start();
      step.refresh();
    }
    TaskLook look = step.await(TaskLook::isSubmitted);
    writeIds(step, look);
    BatchTable.show(step, "submit", look);
    return look;
  }

  private void again(TaskLook over) {
    if (retry && ExitCode.of(over.task()) != ExitCode.SUCCEEDED) {
      step.client().retry(step.name());
      step.say("Task %s: asking again what did not succeed.".formatted(step.folder().task()));
    } else {
      step.say(
          "Task %s is over already (%s); nothing is sent twice. -d fetches the results%s."
              .formatted(
                  step.folder().task(),
                  TaskText.state(over.task()),
                  ExitCode.of(over.task()) == ExitCode.SUCCEEDED
                      ? ""
                      : ", -s --retry asks again what did not succeed"));
    }
  }

  static void writeIds(StepTask step, TaskLook look) {
    List<String> ids =
        look.partitions().stream()
            .map(PartitionView::remoteBatchId)
            .filter(Objects::nonNull)
            .toList();
    WorkFolder.write(step.folder().batchIds(), ids);
  }
}
