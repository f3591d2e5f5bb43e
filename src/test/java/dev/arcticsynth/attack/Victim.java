package dev.arcticsynth.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The packaged service with the heap that `deploy/` gives it, and calls of an honest caller.
final class Victim implements AutoCloseable {

  static final int HEAP_MEGABYTES = 256;
  private static final String READY = "200 200";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LINE =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}\n";
  private static final Pattern HEAP =
      Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\"[^}]*\\} (\\S+)");

  private final Process process;
  private final Path log;
  private final int port;
  private final int probes;

  private Victim(Process process, Path log, int port, int probes) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.probes = probes;
  }

  static Victim start(Path home) throws IOException {
    int port = freePort();
    int probes = freePort();
    Path log = home.resolve("serve.log");
    var builder =
        new ProcessBuilder(
                Path.of("arctic-synth").toAbsolutePath().toString(), "serve", "--port", "" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(OPENAI|AZURE|ARCTIC)_.*"));
    environment.put("ARCTIC_HOME", home.resolve("arctic").toString());
    environment.put("ARCTIC_JAVA_OPTS", "-Xmx" + HEAP_MEGABYTES + "m");
    environment.put("ARCTIC_TRAINING", "off");
    environment.put("ARCTIC_PROBES_PORT", "" + probes);
    environment.put("ARCTIC_SIMULATOR_VALIDATING", "50ms");
    environment.put("ARCTIC_SIMULATOR_RUNNING", "100ms");
    var victim = new Victim(builder.start(), log, port, probes);
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> victim.probes().equals(READY));
    } catch (RuntimeException e) {
      victim.close();
      throw new IllegalStateException(victim.log(), e);
    }
    return victim;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /// Answers its probes soon enough for `deploy/`: three in a row may fail, five seconds apart.
  void isKeptAlive() {
    await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(probes()).isEqualTo(READY));
  }

  /// What both probes answer within their timeout, as statuses.
  private String probes() throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("The service ended.");
    }
    return probe("/q/health/live") + " " + probe("/q/health/ready");
  }

  private String probe(String path) throws InterruptedException {
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes + path))
              .timeout(Duration.ofSeconds(3));
      return "" + client.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// A small task from an address, to its end. A refused call is sent again, as a client does.
  void completesATaskOf(String address) {
    String name = "honest-" + UUID.randomUUID();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() ->
            call(address, "POST", "/v1/tasks?name=" + name, lines(LINE.repeat(20))).statusCode()
                != 503);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() ->
            call(address, "GET", "/v1/tasks/" + name, BodyPublishers.noBody())
                .body()
                .contains("\"state\":\"completed\""));
  }

  static BodyPublisher lines(String lines) {
    return BodyPublishers.ofString(lines);
  }

  HttpResponse<String> call(String address, String method, String path, BodyPublisher body)
      throws IOException, InterruptedException {
    return call(address, method, path, "application/x-ndjson", body);
  }

  HttpResponse<String> call(
      String address, String method, String path, String type, BodyPublisher body)
      throws IOException, InterruptedException {
    try (var client =
        HttpClient.newBuilder()
            .localAddress(InetAddress.getByName(address))
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Content-Type", type)
              .timeout(Duration.ofSeconds(60))
              .method(method, body);
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  /// What is in use of the heap after a collection, in MiB.
  long heapMegabytes() throws IOException, InterruptedException {
    var collect =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "" + process.pid(),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean _ = collect.waitFor(30, TimeUnit.SECONDS);
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes + "/q/metrics")).build();
      String metrics = client.send(request, BodyHandlers.ofString()).body();
      return HEAP.matcher(metrics)
              .results()
              .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
              .sum()
          >> 20;
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
