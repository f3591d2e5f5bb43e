package dev.arcticsynth.cli.service;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.ConfigProvider;

/// Runs when Quarkus has started, and keeps it running. Public because Quarkus makes it.
public final class ServiceApplication implements QuarkusApplication {
  private static volatile CompletableFuture<URI> listener = new CompletableFuture<>();

  static void tellWhenBegun(CompletableFuture<URI> begun) {
    listener = begun;
  }

  @Override
  public int run(String... args) {
    // Where 0 was asked for, Quarkus puts the port it got into the system properties.
    int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    boolean _ = listener.complete(URI.create("http://127.0.0.1:" + port));
    Quarkus.waitForExit();
    return 0;
  }
}
