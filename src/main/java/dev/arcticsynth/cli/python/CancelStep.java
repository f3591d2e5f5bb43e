package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import java.util.Set;

/// `--cancel`: asks the provider to stop each batch, and waits until each was asked.
record CancelStep(StepTask step) {
  private static final Set<String> ASKED = Set.of("cancelling", "ended");

  TaskSnapshot run() {
    TaskSnapshot before = step.look();
    if (before.isOver()) {
      step.say(
          "Task %s is over already; there is nothing to cancel.".formatted(step.folder().task()));
    } else {
      step.cancel();
    }
    TaskSnapshot look =
        step.await((now, _) -> now.isOver() || now.partitions().stream().allMatch(this::isAsked));
    SubmitStep.writeIds(step, look);
    BatchTable.show(step, "cancel", look);
    return look;
  }

  private boolean isAsked(PartitionView partition) {
    return TaskSnapshot.isOver(partition) || ASKED.contains(partition.state());
  }
}
