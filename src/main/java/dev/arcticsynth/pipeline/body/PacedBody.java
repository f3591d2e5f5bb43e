package dev.arcticsynth.pipeline.body;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A body that fails with [SlowBodyException] where its caller is too slow, and is the same
/// otherwise.
public final class PacedBody implements ReadStream<Buffer> {

  private static final Duration CHECK = Duration.ofSeconds(1);

  private final ReadStream<Buffer> body;
  private final Vertx vertx;
  private final Pace pace;
  private final long timer;
  private long demand = Long.MAX_VALUE;
  private @Nullable Handler<Throwable> failed;

  /// On the context of the body, which is read from then on.
  public PacedBody(ReadStream<Buffer> body, Vertx vertx, BodyConfig config) {
    this.body = body;
    this.vertx = vertx;
    this.pace = new Pace(config.stall(), config.pace());
    this.timer = vertx.setPeriodic(CHECK.toMillis(), tick -> check());
  }

  private void check() {
    if (pace.isTooSlow(System.nanoTime())) {
      fail(new SlowBodyException());
    }
  }

  private void fail(Throwable failure) {
    end();
    Handler<Throwable> handler = failed;
    failed = null;
    if (handler != null) {
      handler.handle(failure);
    }
  }

  /// Nothing more is waited for.
  public void end() {
    boolean _ = vertx.cancelTimer(timer);
  }

  @Override
  public PacedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    failed = handler;
    body.exceptionHandler(handler == null ? null : this::fail);
    return this;
  }

  @Override
  public PacedBody handler(@Nullable Handler<Buffer> handler) {
    body.handler(
        handler == null
            ? null
            : buffer -> {
              demand = demand == Long.MAX_VALUE ? demand : demand - 1;
              pace.arrived(buffer.length(), System.nanoTime());
              if (demand == 0) {
                pace.rests(System.nanoTime());
              }
              handler.handle(buffer);
            });
    return this;
  }

  @Override
  public PacedBody pause() {
    demand = 0;
    pace.rests(System.nanoTime());
    body.pause();
    return this;
  }

  @Override
  public PacedBody resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public PacedBody fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    pace.waits(System.nanoTime());
    body.fetch(amount);
    return this;
  }

  @Override
  public PacedBody endHandler(@Nullable Handler<Void> handler) {
    body.endHandler(
        handler == null
            ? null
            : ended -> {
              end();
              handler.handle(null);
            });
    return this;
  }
}
