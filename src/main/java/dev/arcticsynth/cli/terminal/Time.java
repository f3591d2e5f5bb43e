package dev.arcticsynth.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The clock, and waiting by it.
public interface Time extends InstantSource {

  void pause(Duration duration);

  static Time system() {
    return new Time() {
      @Override
      public Instant instant() {
        return Instant.now();
      }

      @Override
      public void pause(Duration duration) {
        try {
          Thread.sleep(duration);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          throw Failure.Unreachable.forGood("Interrupted while waiting for the server.");
        }
      }
    };
  }
}
