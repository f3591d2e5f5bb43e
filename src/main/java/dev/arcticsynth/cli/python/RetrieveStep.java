package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.time.Duration;
import java.time.Instant;

/// `-r`: polls the provider now, and shows the result.
record RetrieveStep(StepTask step) {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  TaskSnapshot run() {
    TaskSnapshot before = step.look();
    if (!before.isOver()) {
      step.refresh();
    }
    Instant end = step.context().shell().time().instant().plus(LONG_ENOUGH);
    TaskSnapshot look =
        step.await((now, since) ->
            now.isAtRest(since)
                || now.need(since).isPresent()
                || !step.context().shell().time().instant().isBefore(end));
    SubmitStep.writeIds(step, look);
    BatchTable.show(step, "retrieve", look);
    step.say(TaskRenderer.member("Requests", TaskRenderer.counts(look.task())));
    return look;
  }
}
