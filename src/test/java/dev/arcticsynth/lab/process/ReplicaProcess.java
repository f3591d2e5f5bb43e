package dev.arcticsynth.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One replica of the service, restarted on the same port with the same name; its log goes on.
public final class ReplicaProcess {

  private final Program program;
  private final String name;
  private final Path folder;
  private final Map<String, String> properties;
  private final Map<String, String> variables;
  private final int port = FreePorts.free();
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile LabProcess process;
  private volatile boolean isStopped;

  public ReplicaProcess(
      Program program,
      String name,
      Path folder,
      Map<String, String> properties,
      Map<String, String> variables,
      Path failpoints) {
    this.program = program;
    this.name = name;
    this.folder = folder;
    this.properties = properties;
    this.variables = new HashMap<>(variables);
    String _ = this.variables.put("ARCTIC_FAILPOINTS", failpoints.toString());
    this.process = launch();
  }

  public String name() {
    return name;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public long pid() {
    return process.pid();
  }

  Path log() {
    return folder.resolve(name + ".log");
  }

  /// Where it stages downloads.
  public Path staging() {
    return folder.resolve(name + ".staging");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Alive and answering.
  public boolean isReady() {
    if (!process.isAlive()) {
      return false;
    }
    var request =
        HttpRequest.newBuilder(uri().resolve("/q/health/live"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }

  /// Alive, as far as we know, and not stopped by us.
  public boolean isOpen() {
    return isAlive() && !isStopped;
  }

  public void signal(String signal) {
    isStopped = signal.equals("STOP");
    process.signal(signal);
  }

  public void kill() {
    process.kill();
  }

  public boolean exits(Duration within) {
    return process.exits(within);
  }

  /// In the background: comes back when it is ready.
  public void restart() {
    process.kill();
    isStopped = false;
    process = launch();
  }

  public List<String> logLines() {
    try {
      return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LabProcess launch() {
    return program.start(
        name, properties, variables, log(), "serve", "--port", Integer.toString(port));
  }

  @Override
  public String toString() {
    return name + "(" + pid() + ")";
  }
}
