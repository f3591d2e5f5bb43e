package dev.arcticsynth.pipeline;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Counts what is in flight in this process: steps of the flow, and calls that should not be cut
/// off.
@ApplicationScoped
public class InFlightTracker {

  private int steps;
  private int calls;

  synchronized void begun(int more) {
    steps += more;
  }

  /// So many steps are over, or were never begun after all.
  synchronized void ended(int over) {
    steps -= over;
    notifyAll();
  }

  public synchronized void callBegun() {
    calls++;
  }

  public synchronized void callEnded() {
    calls--;
    notifyAll();
  }

  @Override
  public synchronized String toString() {
    return "steps=%d calls=%d".formatted(steps, calls);
  }

  /// Blocks until nothing is in flight, at most for this long; returns which.
  synchronized boolean awaitNothing(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (steps > 0 || calls > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
