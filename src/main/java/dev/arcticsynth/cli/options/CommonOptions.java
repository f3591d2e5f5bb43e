package dev.arcticsynth.cli.options;

import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options of every command, before its name or after it.
public final class CommonOptions {
  static final String DEFAULT_SERVER = "http://localhost:8080";

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The server to use (ARCTIC_SERVER; else " + DEFAULT_SERVER + ").")
  private Optional<String> server = Optional.empty();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON instead of text for people.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "No progress and no notices; errors still show.")
  private boolean quiet;

  Optional<String> server() {
    return server;
  }

  boolean isJson() {
    return json;
  }

  boolean isQuiet() {
    return quiet;
  }
}
