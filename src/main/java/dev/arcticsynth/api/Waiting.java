package dev.arcticsynth.api;

import dev.arcticsynth.task.Task;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.Supplier;

/// Holds an answer back until a task is over or a caller's patience is. Looks a few times a second;
/// nothing is lost when the connection is.
final class Waiting {

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private Waiting() {}

  static Uni<Task> until(Supplier<Uni<Task>> look, Duration patience) {
    return look.get()
        .chain(task ->
            task.state().isTerminal() || patience.isZero() || patience.isNegative()
                ? Uni.createFrom().item(task)
                : Uni.createFrom()
                    .item(task)
                    .onItem()
                    .delayIt()
                    .by(patience.compareTo(LOOK_EVERY) < 0 ? patience : LOOK_EVERY)
                    .chain(() -> until(look, patience.minus(LOOK_EVERY))));
  }
}
