package dev.arcticsynth.cli;

import dev.arcticsynth.cli.terminal.Time;
import java.time.Duration;
import java.time.Instant;

/// A clock that moves only when a test waits by it.
public final class FakeTime implements Time {
  private Instant now = Instant.parse("2026-11-03T12:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized void pause(Duration duration) {
    now = now.plus(duration);
  }
}
