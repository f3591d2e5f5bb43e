package dev.arcticsynth.provider.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Has a call done and its reply sent, or what the fault that strikes it makes of both.
final class CallExecutor {
  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final Faults faults;
  private final Replies replies;
  private final Pending pending;

  CallExecutor(
      Vertx vertx, WorkerExecutor workers, Faults faults, Replies replies, Pending pending) {
    this.vertx = vertx;
    this.workers = workers;
    this.faults = faults;
    this.replies = replies;
    this.pending = pending;
  }

  /// A call that is known in full but has not had its effect yet.
  ///
  /// @param subject what a fault may be matched with
  /// @param abandon cleans up where the effect is not to be had
  record PreparedCall(Call call, String subject, Callable<Answer> effect, Runnable abandon) {}

  Future<Void> run(HttpServerRequest request, PreparedCall call) {
    Optional<Fault.OnReply> fault = faults.take(Fault.OnReply.class, call.call(), call.subject());
    if (fault.isEmpty()) {
      return done(call).compose(answer -> replies.send(request, answer));
    }
    return switch (fault.get()) {
      case Fault.LostReply _ -> done(call).compose(_ -> replies.hangUp(request));
      case Fault.DoneBut(int status) -> done(call).compose(_ -> replies.plain(request, status));
      case Fault.DoneButReset _ -> done(call).compose(answer -> replies.half(request, answer));
      case Fault.TooLate(Duration by) ->
          done(call).compose(answer -> after(by).compose(_ -> replies.send(request, answer)));
      case Fault.Delayed(Duration by, boolean hangUp) -> {
        Future<Answer> landed = pending.after(by).compose(_ -> done(call));
        yield hangUp
            ? replies.hangUp(request)
            : landed.compose(answer -> replies.send(request, answer));
      }
      case Fault.OtherId(String id) ->
          done(call).compose(answer -> replies.send(request, Replies.renamed(answer, id)));
      case Fault.RefusedAs(int status, String code, String message) ->
          abandoned(call).compose(_ -> replies.fail(request, WireError.of(status, message, code)));
      case Fault.Refused refused -> abandoned(call).compose(_ -> replies.refuse(request, refused));
      case Fault.Junk(String body, boolean done) ->
          (done ? done(call).<Void>mapEmpty() : abandoned(call))
              .compose(_ -> replies.junk(request, body));
    };
  }

  private Future<Answer> done(PreparedCall call) {
    return blocking(call.effect());
  }

  private static Future<Void> abandoned(PreparedCall call) {
    call.abandon().run();
    return Future.succeededFuture();
  }

  Future<Answer> blocking(Callable<Answer> work) {
    return workers.executeBlocking(work, false);
  }

  private Future<Void> after(Duration delay) {
    Promise<Void> promise = Promise.promise();
    long _ = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> promise.complete());
    return promise.future();
  }
}
