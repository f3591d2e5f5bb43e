package dev.arcticsynth.probes;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Instance;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/// Answers probes on a port and a thread of its own. A connection is for one request.
///
/// Quarkus's management interface was rejected: it is decided when the service is built, and takes
/// the paths from the service's port, where a server on a laptop is asked.
@ApplicationScoped
class ProbeServer {

  private static final Logger LOG = Logger.getLogger(ProbeServer.class);

  private static final Pattern HOST =
      Pattern.compile("(localhost|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  private final Vertx vertx;
  private final ProbesConfig config;
  private final SmallRyeHealthReporter health;
  private final Instance<PrometheusMeterRegistry> metrics;
  private volatile boolean serving;
  private volatile int port;

  ProbeServer(
      Vertx vertx,
      ProbesConfig config,
      SmallRyeHealthReporter health,
      Instance<PrometheusMeterRegistry> metrics) {
    this.vertx = vertx;
    this.config = config;
    this.health = health;
    this.metrics = metrics;
  }

  /// A port that is taken stops the start.
  void listen(@Observes StartupEvent started) {
    if (config.port().isEmpty()) {
      return;
    }
    var options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port().get())
            .setIdleTimeout(10)
            .setHttp2ClearTextEnabled(false);
    WorkerExecutor worker = vertx.createSharedWorkerExecutor("probes", 1);
    port =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> answer(request, worker))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
    LOG.infof("Probes: port=%d", port);
  }

  /// The service's own port is open.
  void serve(@ObservesAsync HttpServerStart started) {
    serving = true;
  }

  /// 0 where there is none.
  int port() {
    return port;
  }

  private void answer(HttpServerRequest request, WorkerExecutor worker) {
    HttpServerResponse response = request.response().putHeader("Connection", "close");
    // A web page can be pointed at this machine, but not by an address or 'localhost'.
    if (!HOST.matcher(String.valueOf(request.getHeader("Host"))).matches()) {
      response.setStatusCode(421).end();
      return;
    }
    if (!serving) {
      response.setStatusCode(503).end();
      return;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      response.setStatusCode(405).putHeader("Allow", "GET").end();
      return;
    }
    switch (request.path()) {
      case "/q/health" -> health(response, worker, health::getHealth);
      case "/q/health/live" -> health(response, worker, health::getLiveness);
      case "/q/health/ready" -> health(response, worker, health::getReadiness);
      case "/q/health/started" -> health(response, worker, health::getStartup);
      case "/q/metrics" -> metrics(response, worker);
      default -> response.setStatusCode(404).end();
    }
  }

  private void health(
      HttpServerResponse response, WorkerExecutor worker, Callable<SmallRyeHealth> look) {
    worker
        .executeBlocking(look)
        .onSuccess(found -> {
          var text = new ByteArrayOutputStream();
          health.reportHealth(text, found);
          response
              .setStatusCode(found.isDown() ? 503 : 200)
              .putHeader("Content-Type", "application/json; charset=UTF-8")
              .end(Buffer.buffer(text.toByteArray()));
        })
        .onFailure(failure -> failed(response, failure));
  }

  private void metrics(HttpServerResponse response, WorkerExecutor worker) {
    worker
        .executeBlocking(() -> metrics.get().scrape())
        .onSuccess(text ->
            response
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(text))
        .onFailure(failure -> failed(response, failure));
  }

  private static void failed(HttpServerResponse response, Throwable failure) {
    LOG.error("A probe failed", failure);
    response.setStatusCode(500).end();
  }
}
