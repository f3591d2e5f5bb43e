package dev.arcticsynth.lab.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for other processes, generously: a machine that is busy is no breach.
public final class Polling {

  public static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Polling() {}

  public static void until(Supplier<String> what, BooleanSupplier condition) {
    if (!within(LONG, condition)) {
      throw new StuckException(what.get());
    }
  }

  public static boolean within(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      pause(PAUSE);
    }
    return true;
  }

  public static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  public static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }

  /// What was waited for did not come.
  public static final class StuckException extends RuntimeException {
    public StuckException(String what) {
      super("Waited in vain for " + what);
    }
  }
}
