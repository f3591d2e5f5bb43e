package dev.arcticsynth.provider.simulator.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Names that sort in the order in which they were given, also between processes.
public final class Ids {
  private static final AtomicLong LAST = new AtomicLong();

  private Ids() {}

  public static String next() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    long unique = LAST.updateAndGet(last -> Math.max(last + 1, micros));
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(unique, 14) + hex.toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  /// Whether this can be a name at all; nothing else may reach a path on disk.
  public static boolean isWellFormed(String id) {
    return id.matches("[A-Za-z0-9_-]{1,80}");
  }
}
