package dev.arcticsynth.provider.openai;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// A server that does to each request what the test says, and remembers what was asked.
public final class ScriptedServer implements AutoCloseable {

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Handler<HttpServerRequest> script = request -> answer(request, 200, "{}");

  public ScriptedServer(Vertx vertx) throws Exception {
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(request -> {
              asked.add(request.method() + " " + request.uri());
              script.handle(request);
            })
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1");
  }

  public void does(Handler<HttpServerRequest> script) {
    this.script = script;
  }

  void answers(int status, String body, Map<String, String> headers) {
    does(request -> {
      headers.forEach(request.response()::putHeader);
      answer(request, status, body);
    });
  }

  public void answers(int status, String body) {
    answers(status, body, Map.of());
  }

  /// Reads the whole request, then hangs up.
  void hangsUp() {
    does(request -> request.endHandler(_ -> request.connection().close()));
  }

  public List<String> asked() {
    return List.copyOf(asked);
  }

  public static void answer(HttpServerRequest request, int status, String body) {
    request
        .body()
        .onComplete(_ ->
            request
                .response()
                .setStatusCode(status)
                .putHeader("x-request-id", "req_7")
                .putHeader("Content-Type", body.startsWith("<") ? "text/html" : "application/json")
                .end(body));
  }

  @Override
  public void close() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
