package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.StateJson;
import dev.arcticsynth.provider.simulator.store.StoredFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Sends replies, whole or as a fault has them.
final class ReplyWriter {
  private static final String HTML =
      "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1>"
          + "<p>The web server reported an error.</p></body></html>\n";

  private final Vertx vertx;
  private final Faults faults;
  private final ApiShape shape;

  ReplyWriter(Vertx vertx, Faults faults, ApiShape shape) {
    this.vertx = vertx;
    this.faults = faults;
    this.shape = shape;
  }

  Future<Void> send(HttpServerRequest request, ApiReply apiReply) {
    return switch (apiReply) {
      case ApiReply.Document(var body, int status) -> json(request, status, StateJson.bytes(body));
      case ApiReply.Content content -> content(request, content);
    };
  }

  Future<Void> fail(HttpServerRequest request, Throwable failure) {
    ApiError error =
        failure instanceof ApiError known
            ? known
            : ApiError.of(500, "The simulator broke: " + failure, null);
    return json(request, error.status(), StateJson.bytes(shape.error(error)));
  }

  Future<Void> refuse(HttpServerRequest request, Fault.Refused refused) {
    HttpServerResponse response = request.response();
    String retryAfter = refused.retryAfter();
    if (retryAfter != null) {
      response.putHeader("Retry-After", retryAfter);
    }
    return refused.html() ? html(request, refused.status()) : plain(request, refused.status());
  }

  Future<Void> plain(HttpServerRequest request, int status) {
    String code = status == 429 ? "rate_limit_exceeded" : null;
    return fail(
        request,
        ApiError.of(status, "The simulator was asked to answer %d.".formatted(status), code));
  }

  Future<Void> junk(HttpServerRequest request, String body) {
    return json(request, 200, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static ApiReply renamed(ApiReply apiReply, String id) {
    return apiReply instanceof ApiReply.Document(ObjectNode body, int status)
        ? new ApiReply.Document(body.deepCopy().put("id", id).without("input_file_id"), status)
        : apiReply;
  }

  /// Half of the reply, and the connection is gone.
  Future<Void> half(HttpServerRequest request, ApiReply apiReply) {
    byte[] body =
        switch (apiReply) {
          case ApiReply.Document(var document, _) -> StateJson.bytes(document);
          case ApiReply.Content _ -> new byte[1024];
        };
    HttpServerResponse response =
        request
            .response()
            .putHeader("Content-Type", "application/json")
            .putHeader("Content-Length", Integer.toString(body.length));
    return response
        .write(Buffer.buffer(body).slice(0, body.length / 2))
        .compose(_ -> hangUp(request));
  }

  Future<Void> hangUp(HttpServerRequest request) {
    return request.connection().close();
  }

  private static Future<Void> json(HttpServerRequest request, int status, byte[] body) {
    return request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Buffer.buffer(body));
  }

  private static Future<Void> html(HttpServerRequest request, int status) {
    return request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=UTF-8")
        .end(HTML);
  }

  private Future<Void> content(HttpServerRequest request, ApiReply.Content content) {
    StoredFile file = content.file();
    Optional<Fault.OnContent> fault =
        faults.take(Fault.OnContent.class, Operation.CONTENT, file.id() + " " + file.filename());
    HttpServerResponse response =
        request
            .response()
            .putHeader("Content-Type", "application/octet-stream")
            .putHeader(
                "Content-Disposition", "attachment; filename=\"%s\"".formatted(file.filename()));
    String path = content.path().toString();
    if (fault.isEmpty()) {
      return response.sendFile(path);
    }
    return switch (fault.get()) {
      case Fault.HtmlInstead _ -> html(request, 200);
      case Fault.DownloadHang _ -> response.setChunked(true).write(Buffer.buffer());
      case Fault.Endless _ -> part(response.setChunked(true), path, file.bytes(), false);
      case Fault.CutMidCharacter _ ->
          part(
              response.setChunked(true),
              path,
              CorruptContent.middleOfCharacter(content.path()),
              true);
      case Fault.Trickle(int bytes, Duration every) ->
          trickle(response.setChunked(true), CorruptContent.read(content.path()), bytes, every);
      case Fault.GzipBomb _ ->
          response.putHeader("Content-Encoding", "gzip").end(CorruptContent.bomb());
      case Fault.Padded(long bytes) ->
          part(response.setChunked(true), path, file.bytes(), false)
              .compose(_ -> pad(response, bytes));
      case Fault.Dressed(boolean mark, boolean returns) ->
          response.end(CorruptContent.dressed(content.path(), mark, returns));
      case Fault.WrongLength(double share) -> {
        long announced = (long) (file.bytes() * share);
        Future<Void> sent =
            part(
                response.putHeader("Content-Length", Long.toString(announced)),
                path,
                Math.min(announced, file.bytes()),
                announced <= file.bytes());
        yield announced <= file.bytes() ? sent : sent.compose(_ -> hangUp(request));
      }
      case Fault.CutMidLine _ ->
          part(response.setChunked(true), path, CorruptContent.middleOfLine(content.path()), true);
      case Fault.DownloadTruncated(long bytes, boolean cleanEnd) when cleanEnd ->
          part(response.setChunked(true), path, bytes, true);
      case Fault.DownloadTruncated(long bytes, _) ->
          part(
                  response.putHeader("Content-Length", Long.toString(file.bytes())),
                  path,
                  Math.min(bytes, file.bytes() - 1),
                  false)
              .compose(_ -> hangUp(request));
    };
  }

  private Future<Void> part(HttpServerResponse response, String path, long bytes, boolean end) {
    return vertx
        .fileSystem()
        .open(path, new OpenOptions().setWrite(false).setCreate(false))
        .map(file -> file.setReadLength(bytes))
        .compose(file -> file.pipe().endOnComplete(end).to(response).onComplete(_ -> file.close()));
  }

  private Future<Void> trickle(
      HttpServerResponse response, Buffer content, int bytes, Duration every) {
    int next = Math.min(bytes, content.length());
    if (response.closed() || response.ended()) {
      return Future.succeededFuture();
    }
    if (next == 0) {
      return response.end();
    }
    return response
        .write(content.slice(0, next))
        .compose(_ -> vertx.timer(every.toMillis(), TimeUnit.MILLISECONDS))
        .compose(_ -> trickle(response, content.slice(next, content.length()), bytes, every));
  }

  private static Future<Void> pad(HttpServerResponse response, long bytes) {
    int next = (int) Math.min(bytes, 1 << 16);
    return bytes == 0
        ? response.end()
        : response
            .write(Buffer.buffer("\n".repeat(next)))
            .compose(_ -> pad(response, bytes - next));
  }
}
