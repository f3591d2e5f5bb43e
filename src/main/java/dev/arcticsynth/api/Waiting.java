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
        .chain(task -> {
          if (task.state().isTerminal() || !patience.isPositive()) {
            return Uni.createFrom().item(task);
          }
          var pause = patience.compareTo(LOOK_EVERY) < 0 ? patience : LOOK_EVERY;
          return Pause.of(pause).chain(() -> until(look, patience.minus(LOOK_EVERY)));
        });
  }
}
