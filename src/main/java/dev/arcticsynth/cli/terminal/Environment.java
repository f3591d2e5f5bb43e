package dev.arcticsynth.cli.terminal;

import java.util.Map;
import java.util.Optional;

/// What surrounds a command: its terminal, its environment, its clock.
public record Environment(Terminal terminal, Map<String, String> environment, Time time) {
  public Environment {
    environment = Map.copyOf(environment);
  }

  public static Environment system() {
    return new Environment(Terminal.system(), System.getenv(), Time.system());
  }

  /// A variable that is set to more than blanks.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
