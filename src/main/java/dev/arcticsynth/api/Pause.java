package dev.arcticsynth.api;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;

/// A pause that ends on the context where it began: Mutiny's own delay ends on a worker thread,
/// where no database session may be used.
final class Pause {
  private Pause() {}

  static Uni<Void> of(Duration pause) {
    return Uni.createFrom()
        .emitter(emitter ->
            Vertx.currentContext()
                .owner()
                .setTimer(Math.max(1, pause.toMillis()), fired -> emitter.complete(null)));
  }
}
