package dev.arcticsynth.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Looks each second whether the server is gone, and starts it again. After a start that failed the
/// next one is later each time, up to a minute.
final class Revival implements Runnable, AutoCloseable {
  private static final Logger LOG = System.getLogger(Revival.class.getName());
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final BooleanSupplier revive;
  private final LongSupplier nanos;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("embedded-postgresql").factory());
  private Duration pause = INTERVAL;
  private long notBefore;

  /// @param revive returns whether the server was gone and runs again, or throws
  Revival(BooleanSupplier revive, LongSupplier nanos) {
    this.revive = revive;
    this.nanos = nanos;
    this.notBefore = nanos.getAsLong();
  }

  Revival begin() {
    var unused =
        executor.scheduleWithFixedDelay(
            this, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  @Override
  public void run() {
    if (nanos.getAsLong() - notBefore < 0) {
      return;
    }
    try {
      if (revive.getAsBoolean()) {
        LOG.log(Level.WARNING, "The embedded PostgreSQL was gone; it runs again");
      }
      pause = INTERVAL;
    } catch (RuntimeException e) {
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      notBefore = nanos.getAsLong() + pause.toNanos();
      LOG.log(
          Level.WARNING,
          "The embedded PostgreSQL is gone and does not start, tried again in {0} s: {1}",
          pause.toSeconds(),
          e.getMessage());
    }
  }

  /// An attempt in progress goes on; it ends by itself, and finds that we have left.
  @Override
  public void close() {
    executor.shutdown();
  }
}
