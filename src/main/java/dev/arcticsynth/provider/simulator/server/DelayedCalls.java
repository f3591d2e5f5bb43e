package dev.arcticsynth.provider.simulator.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Requests that are still under way to the server, by its clock, which a test may move.
final class DelayedCalls {
  private static final long LOOKS_EVERY_MS = 20;

  private final Vertx vertx;
  private final InstantSource clock;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean isLooking;

  DelayedCalls(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
  }

  /// Completes when that time has come.
  synchronized Future<Void> after(Duration delay) {
    Waiting arrival = new Waiting(clock.instant().plus(delay), Promise.promise());
    waiting.add(arrival);
    if (!isLooking) {
      isLooking = true;
      look();
    }
    return arrival.promise().future();
  }

  private void look() {
    long _ = vertx.setTimer(LOOKS_EVERY_MS, _ -> land());
  }

  private synchronized void land() {
    Instant now = clock.instant();
    for (Iterator<Waiting> it = waiting.iterator(); it.hasNext(); ) {
      Waiting next = it.next();
      if (!next.at().isAfter(now)) {
        it.remove();
        next.promise().complete();
      }
    }
    isLooking = !waiting.isEmpty();
    if (isLooking) {
      look();
    }
  }

  private record Waiting(Instant at, Promise<Void> promise) {}
}
