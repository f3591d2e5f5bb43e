package dev.arcticsynth.provider.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Ends a transfer in which the peer stalls, or that takes too long. Vert.x has idle timeouts, but
/// they also count the time of our own slow reader.
final class TransferTimeout {

  private static final long NOT_WAITING = 0;

  private final long startedAt = System.nanoTime();

  /// Since when we wait for the other side, in nanoseconds.
  private final AtomicLong waitingSince = new AtomicLong(NOT_WAITING);

  /// How many buffers our reader has asked for and not got.
  private final AtomicLong wanted = new AtomicLong();

  private final AtomicBoolean isOver = new AtomicBoolean();
  private final Vertx vertx;
  private final HttpClientRequest request;
  private final Duration patience;
  private final Duration longest;
  private final long timer;

  /// @param longest for all of it, however busy the other side is
  TransferTimeout(Vertx vertx, HttpClientRequest request, Duration patience, Duration longest) {
    this.vertx = vertx;
    this.request = request;
    this.patience = patience;
    this.longest = longest;
    this.timer = vertx.setPeriodic(Math.max(1, patience.toMillis() / 4), _ -> look());
    waiting();
  }

  /// Waits for the peer from now on.
  void waiting() {
    waitingSince.set(now());
  }

  /// Waits for us: our own delay does not count.
  void busy() {
    waitingSince.set(NOT_WAITING);
  }

  void wanted(long buffers) {
    if (wanted.getAndAccumulate(buffers, TransferTimeout::add) == 0) {
      waiting();
    }
  }

  void got() {
    if (wanted.decrementAndGet() > 0) {
      waiting();
    } else {
      busy();
    }
  }

  /// The transfer is over, or its rest was cancelled: the connection is released or closed.
  void stop(boolean isComplete) {
    if (isOver.compareAndSet(false, true)) {
      boolean _ = vertx.cancelTimer(timer);
      if (!isComplete) {
        boolean _ = request.reset();
      }
    }
  }

  private void look() {
    long since = waitingSince.get();
    if (since != NOT_WAITING && System.nanoTime() - since > patience.toNanos()) {
      end("nothing was received for " + patience);
    } else if (System.nanoTime() - startedAt > longest.toNanos()) {
      end("not complete after " + longest);
    }
  }

  private void end(String why) {
    boolean _ = vertx.cancelTimer(timer);
    boolean _ = request.reset(0, new TimeoutException(why));
  }

  private static long now() {
    return System.nanoTime() | 1;
  }

  private static long add(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
