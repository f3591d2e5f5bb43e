package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.terminal.Environment;
import java.nio.file.Path;
import java.util.Optional;

/// Where the credentials file is: as named, or where Python looks for it, which goes by `HOME`.
final class CredentialsPath {
  private static final Path DEFAULT = Path.of(".arctic_synth", "credentials", "default.yaml");

  private CredentialsPath() {}

  static Path of(Optional<Path> named, Environment environment) {
    Path home =
        Path.of(environment.variable("HOME").orElseGet(() -> System.getProperty("user.home")));
    return named.map(path -> expanded(path, home)).orElseGet(() -> home.resolve(DEFAULT));
  }

  /// Shells leave `~` alone behind `=` and in quotes; the Python client expands it.
  private static Path expanded(Path path, Path home) {
    return path.startsWith("~") ? home.resolve(Path.of("~").relativize(path)) : path;
  }
}
