package dev.arcticsynth.connection;

import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;

/// Guards the ports that callers connect to, once these are known. They share their limits.
@ApplicationScoped
class CallerPorts {

  private final HttpServer server;
  private final CallerConnectionsConfig config;
  private final ConnectionLimits limits;

  CallerPorts(HttpServer server, CallerConnectionsConfig config) {
    this.server = server;
    this.config = config;
    this.limits = new ConnectionLimits(config.max(), config.perAddress());
  }

  void plain(@ObservesAsync HttpServerStart started) {
    GuardedPorts.guard(server.getPort(), limits, config);
  }

  void encrypted(@ObservesAsync HttpsServerStart started) {
    GuardedPorts.guard(server.getSecurePort(), limits, config);
  }
}
