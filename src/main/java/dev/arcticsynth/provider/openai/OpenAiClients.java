package dev.arcticsynth.provider.openai;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// Connects accounts. The clients end with the Vert.x that they run on.
@Singleton
public class OpenAiClients {

  /// Servers drop idle connections silently, and a create that is sent into one counts as lost. So
  /// we close them earlier.
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /// Longer than any call may take: the calls have limits of their own.
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(90);

  private final Vertx vertx;

  private final InstantSource clock;

  OpenAiClients(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
  }

  public OpenAiProvider connect(Account account) {
    return new OpenAiProvider(account, api(account), new OpenAiFiles(vertx, account), clock);
  }

  private static OpenAiApi api(Account account) {
    return QuarkusRestClientBuilder.newBuilder()
        .baseUri(account.url())
        .disableDefaultMapper(true)
        .followRedirects(false)
        .connectTimeout(account.transfers().connect().toMillis(), TimeUnit.MILLISECONDS)
        .readTimeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .httpClientOptions(
            new HttpClientOptions()
                .setMaxPoolSize(64)
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds())))
        .register(
            (ClientRequestFilter)
                request -> {
                  account.credentials().headers().forEach(request.getHeaders()::putSingle);
                  account
                      .dialect()
                      .apiVersion()
                      .ifPresent(version ->
                          request.setUri(
                              UriBuilder.fromUri(request.getUri())
                                  .queryParam("api-version", version)
                                  .build()));
                })
        .build(OpenAiApi.class);
  }
}
