package dev.arcticsynth.docs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// `./arctic-synth serve`, in a home of its own, with no provider but the simulator.
final class PackagedService implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final int port;

  private PackagedService(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static PackagedService start(Path home) throws IOException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path log = home.resolve("serve.log");
    var builder =
        new ProcessBuilder(
                Path.of("arctic-synth").toAbsolutePath().toString(), "serve", "--port", "" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(OPENAI|AZURE|ARCTIC)_.*"));
    environment.put("ARCTIC_HOME", home.resolve("arctic").toString());
    environment.put("ARCTIC_CALLBACK_ALLOW", "127.0.0.1/32");
    var service = new PackagedService(builder.start(), port);
    try {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(service::isReady);
    } catch (RuntimeException e) {
      service.close();
      throw new IllegalStateException(Files.readString(log), e);
    }
    return service;
  }

  String address() {
    return "localhost:" + port;
  }

  private boolean isReady() throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("The service ended.");
    }
    try (var client = HttpClient.newHttpClient()) {
      var ready = HttpRequest.newBuilder(URI.create("http://" + address() + "/q/health/ready"));
      return client.send(ready.build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        boolean _ = process.destroyForcibly().isAlive();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
