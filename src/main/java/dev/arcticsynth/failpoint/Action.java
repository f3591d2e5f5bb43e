package dev.arcticsynth.failpoint;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// What happens at a failpoint.
sealed interface Action {

  /// SIGKILL to this process: no hook runs and no buffer is flushed.
  record Kill() implements Action {}

  /// SIGSTOP to this process: all its threads stop until SIGCONT.
  record Stop() implements Action {}

  record Throw() implements Action {}

  /// Blocks the thread that hits, and only that one; on an event loop, all that shares the loop.
  record Delay(Duration by) implements Action {}

  static Action of(String text) {
    String[] parts = text.split(":", 2);
    return switch (parts[0]) {
      case "kill" -> new Kill();
      case "stop" -> new Stop();
      case "throw" -> new Throw();
      case "delay" -> new Delay(Duration.ofMillis(Long.parseLong(parts[1])));
      default -> throw new IllegalArgumentException("No such action at a failpoint: " + text);
    };
  }

  /// An action for one process, the first to hit, and only once.
  default boolean isOnce() {
    return !(this instanceof Delay);
  }

  default void take(String name) {
    switch (this) {
      case Kill _ -> Signal.KILL.raise();
      case Stop _ -> Signal.STOP.raise();
      case Throw _ -> throw new FailpointException(name);
      case Delay(Duration by) -> pause(by);
    }
  }

  private static void pause(Duration by) {
    long end = System.nanoTime() + by.toNanos();
    for (long left = by.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
