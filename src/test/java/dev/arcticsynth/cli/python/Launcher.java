package dev.arcticsynth.cli.python;

import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.provider.simulator.server.Simulator;
import dev.arcticsynth.provider.simulator.server.SimulatorSettings;
import dev.arcticsynth.provider.simulator.store.Ledger;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// The packaged program as a user starts it, in a home of its own, and a provider beside it.
final class Launcher implements AutoCloseable {
  record Ended(int code, String out, String err) {}

  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path home;
  private final Path credentials;
  private final SimulatedApi simulatedApi;
  private final Vertx vertx = Vertx.vertx();
  private final Simulator simulator;

  Launcher(Path home) throws IOException {
    this(home, SimulatedApi.OPENAI);
  }

  /// @param dialect which provider the simulator beside it plays
  Launcher(Path home, SimulatedApi simulatedApi) throws IOException {
    this.home = home;
    this.simulatedApi = simulatedApi;
    Path dir = Files.createDirectories(home.resolve("provider"));
    simulator =
        Simulator.start(
            vertx,
            SimulatorSettings.in(dir)
                .withValidating(Duration.ofMillis(100))
                .withRunning(Duration.ofSeconds(1))
                .withFinalizing(Duration.ofMillis(100))
                .withDialect(simulatedApi)
                .withProcessing(
                    simulatedApi == SimulatedApi.AZURE ? Duration.ofMillis(300) : Duration.ZERO),
            InstantSource.system());
    credentials =
        Files.createDirectories(home.resolve(".arctic_synth/credentials")).resolve("default.yaml");
    Files.writeString(
        credentials,
        switch (simulatedApi) {
          case OPENAI -> "api_key: sk-test\nbase_url: %s\n".formatted(simulator.url());
          case AZURE ->
              "api_key: k-test\nazure_endpoint: %s\napi_version: 2024-10-21\n"
                  .formatted(simulator.endpoint());
        });
    Path launcher = home.resolve("arctic-synth");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(Path.of("arctic-synth").toAbsolutePath()));
    boolean _ = launcher.toFile().setExecutable(true);
  }

  Simulator simulator() {
    return simulator;
  }

  /// The default credentials file.
  Path credentials() {
    return credentials;
  }

  Ledger ledger() {
    return simulator.ledger();
  }

  /// As the Python client saves a task: files of `size` requests each.
  void save(Path workDir, String task, int files, int size) throws IOException {
    boolean isAzure = simulatedApi == SimulatedApi.AZURE;
    Path requests = Files.createDirectories(workDir.resolve(task).resolve("requests"));
    for (int file = 0; file < files; file++) {
      List<String> lines =
          IntStream.range(file * size, (file + 1) * size)
              .mapToObj(n ->
                  """
                  {"custom_id": "%s_%d", "method": "POST", "url": "%s", "body": {"model": "%s", "messages": [{"role": "user", "content": "question %2$d"}]}}\
                  """
                      .formatted(
                          task,
                          n,
                          isAzure ? "/chat/completions" : "/v1/chat/completions",
                          isAzure ? "my-deployment" : "gpt-4o-mini"))
              .toList();
      Files.write(requests.resolve("%s_%d.jsonl".formatted(task, file)), lines);
    }
  }

  Ended run(String line) throws Exception {
    return end(start(line));
  }

  /// A line of shell, in the home.
  Process start(String line) throws IOException {
    var command = new ArrayList<>(List.of("/bin/sh", "-euc", line));
    var builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectOutput(home.resolve("out").toFile())
            .redirectError(home.resolve("err").toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(OPENAI|AZURE|ARCTIC)_.*"));
    environment.put("HOME", home.toString());
    environment.put("ARCTIC_HOME", home.resolve("arctic").toString());
    environment.put("ARCTIC_POLL_FIRST", "200ms");
    environment.put("ARCTIC_POLL_MAX", "500ms");
    if (simulatedApi == SimulatedApi.AZURE) {
      // It is asked once a minute, whatever others are.
      String account =
          ClientCredentials.of(new CredentialsFile(credentials), _ -> Optional.empty()).account();
      String prefix = "ARCTIC_PROVIDERS_" + account.toUpperCase(Locale.ROOT).replace('-', '_');
      environment.put(prefix + "_POLL_FIRST", "200ms");
      environment.put(prefix + "_POLL_MAX", "500ms");
    }
    environment.put("ARCTIC_SUBMIT_SETTLE", "2s");
    environment.put("ARCTIC_RETRY_AFTER", "300ms");
    environment.put("ARCTIC_RETRY_LINGER", "300ms");
    return builder.start();
  }

  Ended end(Process process) throws Exception {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      kill(process);
      throw new AssertionError("It did not end: " + Files.readString(home.resolve("err")));
    }
    return new Ended(
        process.exitValue(),
        Files.readString(home.resolve("out")),
        Files.readString(home.resolve("err")));
  }

  void kill(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    int _ = process.waitFor();
  }

  @Override
  public void close() {
    simulator.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
