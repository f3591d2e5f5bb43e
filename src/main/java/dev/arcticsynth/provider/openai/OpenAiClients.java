package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.http.Proxies;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// Connects accounts. The clients end with the Vert.x that they run on.
@Singleton
public class OpenAiClients {

  private final Vertx vertx;

  private final InstantSource clock;

  OpenAiClients(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
  }

  public OpenAiProvider connect(Account account) {
    Proxies proxies = Proxies.configured();
    return new OpenAiProvider(
        account,
        new OpenAiApi(vertx, account, proxies),
        new OpenAiFiles(vertx, account, proxies),
        clock);
  }
}
