package dev.arcticsynth.cli;

import java.util.Map;
import java.util.Optional;

/// What surrounds a command: its terminal, its environment, its clock.
record Shell(Terminal terminal, Map<String, String> environment, Time time) {
  Shell {
    environment = Map.copyOf(environment);
  }

  static Shell system() {
    return new Shell(Terminal.system(), System.getenv(), Time.system());
  }

  /// A variable that is set to more than blanks.
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
