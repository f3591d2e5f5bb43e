package dev.arcticsynth.pipeline.body;

import java.time.Duration;

/// How fast a caller sends a body. Only the time counts in which the body was waited for: what this
/// service takes to store it is not the caller's.
///
/// One thread at a time.
final class Pace {

  private final long stallNanos;
  private final long bytesPerSecond;
  private boolean waiting;
  private long waitingSince;
  private long waited;
  private long bytes;

  /// @param stall longest time without a byte; for as long the pace may be any
  Pace(Duration stall, long bytesPerSecond) {
    this.stallNanos = stall.toNanos();
    this.bytesPerSecond = bytesPerSecond;
  }

  /// More is wanted from now on.
  void waits(long now) {
    if (!waiting) {
      waiting = true;
      waitingSince = now;
    }
  }

  /// No more is wanted for now.
  void rests(long now) {
    if (waiting) {
      waiting = false;
      waited += now - waitingSince;
    }
  }

  /// Some bytes have come, and more are wanted.
  void arrived(int count, long now) {
    bytes += count;
    rests(now);
    waits(now);
  }

  boolean isTooSlow(long now) {
    long silent = waiting ? now - waitingSince : 0;
    long total = waited + silent;
    return silent > stallNanos
        || total > stallNanos && bytes < bytesPerSecond * (total / 1_000_000_000.0);
  }
}
