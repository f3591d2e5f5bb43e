package dev.arcticsynth.provider.simulator.server;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.ApiError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Runs a call and sends its reply, as changed by the fault that strikes it.
final class CallExecutor {
  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final Faults faults;
  private final ReplyWriter replyWriter;
  private final DelayedCalls delayedCalls;

  CallExecutor(
      Vertx vertx,
      WorkerExecutor workers,
      Faults faults,
      ReplyWriter replyWriter,
      DelayedCalls delayedCalls) {
    this.vertx = vertx;
    this.workers = workers;
    this.faults = faults;
    this.replyWriter = replyWriter;
    this.delayedCalls = delayedCalls;
  }

  /// A call that is known in full but has not had its effect yet.
  ///
  /// @param subject what a fault may be matched with
  /// @param abandon cleans up where the effect is not to be had
  record PreparedCall(
      Operation call, String subject, Callable<ApiReply> effect, Runnable abandon) {}

  Future<Void> run(HttpServerRequest request, PreparedCall call) {
    Optional<Fault.OnReply> fault = faults.take(Fault.OnReply.class, call.call(), call.subject());
    if (fault.isEmpty()) {
      return done(call).compose(apiReply -> replyWriter.send(request, apiReply));
    }
    return switch (fault.get()) {
      case Fault.LostReply _ -> done(call).compose(_ -> replyWriter.hangUp(request));
      case Fault.DoneBut(int status) -> done(call).compose(_ -> replyWriter.plain(request, status));
      case Fault.DoneButReset _ ->
          done(call).compose(apiReply -> replyWriter.half(request, apiReply));
      case Fault.TooLate(Duration by) ->
          done(call)
              .compose(apiReply -> after(by).compose(_ -> replyWriter.send(request, apiReply)));
      case Fault.Delayed(Duration by, boolean hangUp) -> {
        Future<ApiReply> landed = delayedCalls.after(by).compose(_ -> done(call));
        yield hangUp
            ? replyWriter.hangUp(request)
            : landed.compose(apiReply -> replyWriter.send(request, apiReply));
      }
      case Fault.OtherId(String id) ->
          done(call)
              .compose(apiReply -> replyWriter.send(request, ReplyWriter.renamed(apiReply, id)));
      case Fault.RefusedAs(int status, String code, String message) ->
          abandoned(call)
              .compose(_ -> replyWriter.fail(request, ApiError.of(status, message, code)));
      case Fault.Refused refused ->
          abandoned(call).compose(_ -> replyWriter.refuse(request, refused));
      case Fault.Junk(String body, boolean done) ->
          (done ? done(call).<Void>mapEmpty() : abandoned(call))
              .compose(_ -> replyWriter.junk(request, body));
    };
  }

  private Future<ApiReply> done(PreparedCall call) {
    return blocking(call.effect());
  }

  private static Future<Void> abandoned(PreparedCall call) {
    call.abandon().run();
    return Future.succeededFuture();
  }

  Future<ApiReply> blocking(Callable<ApiReply> work) {
    return workers.executeBlocking(work, false);
  }

  private Future<Void> after(Duration delay) {
    Promise<Void> promise = Promise.promise();
    long _ = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> promise.complete());
    return promise.future();
  }
}
