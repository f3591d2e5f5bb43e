package dev.arcticsynth.provider.simulator;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Where every request comes in: finds out which call it is, what it carries and which fault
/// strikes it, and has it done.
final class Door implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final WorkerExecutor workers;
  private final Incoming incoming;
  private final FilesApi files;
  private final BatchesApi batches;
  private final AdminApi admin;
  private final Faults faults;
  private final Dialect dialect;
  private final Replies replies;
  private final Pending pending;

  Door(
      Vertx vertx,
      WorkerExecutor workers,
      Incoming incoming,
      FilesApi files,
      BatchesApi batches,
      AdminApi admin,
      Faults faults,
      Dialect dialect,
      Pending pending) {
    this.vertx = vertx;
    this.workers = workers;
    this.incoming = incoming;
    this.files = files;
    this.batches = batches;
    this.admin = admin;
    this.faults = faults;
    this.dialect = dialect;
    this.replies = new Replies(vertx, faults, dialect);
    this.pending = pending;
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.response().putHeader("x-request-id", "req_" + Ids.next());
    request.response().exceptionHandler(_ -> {});
    answer(request)
        .recover(failure -> replies.fail(request, failure))
        .onFailure(_ -> request.connection().close());
  }

  private Future<Void> answer(HttpServerRequest request) {
    if (request.path().startsWith("/_simulator/")) {
      return incoming
          .document(request)
          .compose(body -> blocking(() -> admin.answer(request.method(), request.path(), body)))
          .compose(answer -> replies.send(request, answer));
    }
    try {
      dialect.requireKey(request);
      return read(request, Route.of(request.method(), dialect.path(request)))
          .map(prepared -> prepared.dressed(dialect, request))
          .compose(prepared -> perform(request, prepared));
    } catch (WireError e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Prepared> read(HttpServerRequest request, Route route) {
    String id = route.id();
    if (route.call() == Call.UPLOAD) {
      return incoming
          .upload(request)
          .map(upload ->
              new Prepared(
                  route.call(),
                  upload.filename(),
                  () -> files.upload(upload),
                  () -> files.forget(upload)));
    }
    return incoming
        .document(request)
        .map(body ->
            new Prepared(
                route.call(),
                id + new String(body, java.nio.charset.StandardCharsets.UTF_8),
                () -> effect(request, route, body),
                () -> {}));
  }

  private Answer effect(HttpServerRequest request, Route route, byte[] body) {
    return switch (route.call()) {
      case LIST_FILES -> files.list(Query.of(request.params(), 10_000, 10_000));
      case RETRIEVE_FILE -> files.retrieve(route.id());
      case DELETE -> files.delete(route.id());
      case CONTENT -> files.content(route.id());
      case CREATE -> batches.create(body);
      case LIST_BATCHES -> batches.list(Query.of(request.params(), 20, 100));
      case RETRIEVE -> batches.retrieve(route.id());
      case CANCEL -> batches.cancel(route.id());
      case UPLOAD, WORK -> throw new IllegalStateException(route.call().name());
    };
  }

  private Future<Void> perform(HttpServerRequest request, Prepared prepared) {
    Optional<Fault.OnReply> fault =
        faults.take(Fault.OnReply.class, prepared.call(), prepared.subject());
    if (fault.isEmpty()) {
      return done(prepared).compose(answer -> replies.send(request, answer));
    }
    return switch (fault.get()) {
      case Fault.LostReply _ -> done(prepared).compose(_ -> replies.hangUp(request));
      case Fault.DoneBut(int status) -> done(prepared).compose(_ -> replies.plain(request, status));
      case Fault.DoneButReset _ -> done(prepared).compose(answer -> replies.half(request, answer));
      case Fault.TooLate(Duration by) ->
          done(prepared).compose(answer -> after(by).compose(_ -> replies.send(request, answer)));
      case Fault.Delayed(Duration by, boolean hangUp) -> {
        Future<Answer> landed = pending.after(by).compose(_ -> done(prepared));
        yield hangUp
            ? replies.hangUp(request)
            : landed.compose(answer -> replies.send(request, answer));
      }
      case Fault.OtherId(String id) ->
          done(prepared).compose(answer -> replies.send(request, Replies.renamed(answer, id)));
      case Fault.RefusedAs(int status, String code, String message) ->
          abandoned(prepared)
              .compose(_ -> replies.fail(request, WireError.of(status, message, code)));
      case Fault.Refused refused ->
          abandoned(prepared).compose(_ -> replies.refuse(request, refused));
      case Fault.Junk(String body, boolean done) ->
          (done ? done(prepared).<Void>mapEmpty() : abandoned(prepared))
              .compose(_ -> replies.junk(request, body));
    };
  }

  private Future<Answer> done(Prepared prepared) {
    return blocking(prepared.effect());
  }

  private static Future<Void> abandoned(Prepared prepared) {
    prepared.abandon().run();
    return Future.succeededFuture();
  }

  private Future<Answer> blocking(Callable<Answer> work) {
    return workers.executeBlocking(work, false);
  }

  private Future<Void> after(Duration delay) {
    Promise<Void> promise = Promise.promise();
    long _ = vertx.setTimer(Math.max(1, delay.toMillis()), _ -> promise.complete());
    return promise.future();
  }

  /// A call that is known in full but has not had its effect yet.
  private record Prepared(Call call, String subject, Callable<Answer> effect, Runnable abandon) {
    Prepared dressed(Dialect dialect, HttpServerRequest request) {
      return new Prepared(
          call, subject, () -> dialect.dressed(call, request, effect.call()), abandon);
    }
  }
}
