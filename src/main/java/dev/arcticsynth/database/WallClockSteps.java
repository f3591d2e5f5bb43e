package dev.arcticsynth.database;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Notices when this machine's wall clock is set back, by the monotonic clock.
public final class WallClockSteps {

  /// What a scheduler that checks once a second does not notice either.
  private static final long TOLERANCE_MS = 1_000;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private long ahead;

  WallClockSteps(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.ahead = difference();
  }

  /// Watches the wall clock of this machine.
  public static WallClockSteps ofThisMachine() {
    return new WallClockSteps(InstantSource.system(), System::nanoTime);
  }

  /// Whether it was set back since the last time that this was true.
  public boolean isSetBack() {
    long now = difference();
    boolean back = now < ahead - TOLERANCE_MS;
    ahead = back ? now : Math.max(ahead, now);
    return back;
  }

  private long difference() {
    return wall.millis() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
  }
}
