package dev.arcticsynth.lab.process;

import dev.arcticsynth.provider.simulator.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The provider: a process of its own, whose ledger is the witness. Always on the same port.
public final class SimulatorProcess implements AutoCloseable {

  private final Program program;
  private final Path folder;
  private final int port = FreePorts.free();
  private final HttpClient http = HttpClient.newHttpClient();
  private LabProcess process;

  public SimulatorProcess(Program program, Path folder) {
    this.program = program;
    this.folder = folder;
    try {
      Path _ = Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.process = launch();
  }

  /// The ledger and all files.
  Path dir() {
    return folder.resolve("simulator");
  }

  /// What a batch answered, as it lies on the provider's disk, or lay there when it was kept.
  public Optional<Path> answers(String batch) {
    String name = batch.replace("batch_", "file-") + "o";
    return Stream.of(dir().resolve("files"), kept())
        .map(place -> place.resolve(name))
        .filter(Files::exists)
        .findFirst();
  }

  /// Keeps a copy of all files, for a check after they are deleted.
  public void keepFiles() {
    try (Stream<Path> files = Files.list(dir().resolve("files"))) {
      Path _ = Files.createDirectories(kept());
      for (Path file : files.toList()) {
        if (!Files.exists(kept().resolve(file.getFileName()))) {
          Path _ = Files.copy(file, kept().resolve(file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path kept() {
    return folder.resolve("kept");
  }

  public Ledger ledger() {
    return Ledger.at(dir());
  }

  public int port() {
    return port;
  }

  /// @param rule as the simulator's own API takes it
  public void fault(String rule) {
    String _ = admin("POST", rule);
  }

  public void noFaults() {
    String _ = admin("DELETE", "");
  }

  public void killHard() {
    process.kill();
  }

  public void start() {
    process = launch();
    awaitReady();
  }

  void signal(String signal) {
    process.signal(signal);
  }

  public void awaitReady() {
    Polling.until(() -> "the simulator, see " + process.log(), this::answers);
  }

  @Override
  public void close() {
    process.kill();
  }

  private boolean answers() {
    try {
      return !admin("GET", "").isEmpty();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private LabProcess launch() {
    return program.start(
        "simulator",
        Map.of(),
        Map.of(),
        folder.resolve("simulator.log"),
        "simulator",
        "--dir",
        dir().toString(),
        "--port",
        Integer.toString(port));
  }

  private String admin(String method, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/_simulator/faults".formatted(port)))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalArgumentException(body + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }
}
