package dev.arcticsynth.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.cli.service.RunningService;
import dev.arcticsynth.cli.terminal.Environment;
import dev.arcticsynth.cli.terminal.Phases;
import dev.arcticsynth.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A command line with its own terminal, environment and clock.
final class CliHarness {
  record Ended(int code, String out, String err) {}

  final FakeTime time = new FakeTime();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private final URI server;
  private Map<String, String> settings = Map.of();
  private Optional<String> answer = Optional.empty();

  /// Not on a terminal.
  CliHarness(URI server) {
    this.server = server;
    environment.put("ARCTIC_SERVER", server.toString());
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  Ended run(String... args) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            out,
            answer.isPresent(),
            () -> answer);
    int code = new Cli(new Environment(terminal, environment, time), this::service).run(args);
    return new Ended(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /// As at a terminal where a person types this.
  void answers(String line) {
    answer = Optional.of(line);
  }

  /// As where no server is named: commands start the service themselves.
  void alone() {
    environment.remove("ARCTIC_SERVER");
  }

  /// What the last service was started with.
  Map<String, String> settings() {
    return settings;
  }

  private RunningService service(Map<String, String> properties, Phases phases) {
    settings = Map.copyOf(properties);
    return new RunningService() {
      @Override
      public URI uri() {
        return server;
      }

      @Override
      public void close() {}
    };
  }
}
