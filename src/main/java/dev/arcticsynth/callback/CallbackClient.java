package dev.arcticsynth.callback;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/// The one client for callbacks. A connection carries one request: none is kept, and so none is
/// shared between hosts. No proxy of environment or JVM is asked, since it would look names up for
/// us. Certificates are verified.
@Singleton
class CallbackClient {

  private final HttpClient http;
  private final Duration limit;

  @Inject
  CallbackClient(Vertx vertx, CallbackConfig config) {
    this(vertx, config, options(config));
  }

  CallbackClient(Vertx vertx, CallbackConfig config, HttpClientOptions options) {
    this.http = vertx.createHttpClient(options);
    this.limit = config.timeout();
  }

  static HttpClientOptions options(CallbackConfig config) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setUseAlpn(false)
        .setKeepAlive(false)
        .setPipelining(false)
        .setMaxPoolSize(config.concurrency())
        .setConnectTimeout(Math.toIntExact(config.timeout().toMillis()))
        .setSslHandshakeTimeout(Math.max(1, config.timeout().toMillis()))
        .setSslHandshakeTimeoutUnit(java.util.concurrent.TimeUnit.MILLISECONDS)
        .setMaxRedirects(0)
        .setDecompressionSupported(false)
        .setTrustAll(false)
        .setVerifyHost(true);
  }

  /// For one attempt, everything included.
  Duration limit() {
    return limit;
  }

  HttpClient http() {
    return http;
  }
}
