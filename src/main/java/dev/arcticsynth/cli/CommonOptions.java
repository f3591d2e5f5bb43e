package dev.arcticsynth.cli;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// What every command understands, before its name or after it.
final class CommonOptions {
  private static final String DEFAULT_SERVER = "http://localhost:8080";

  private final Shell shell;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "The server to talk to (ARCTIC_SERVER; else " + DEFAULT_SERVER + ").")
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

  CommonOptions(Shell shell) {
    this.shell = shell;
  }

  Shell shell() {
    return shell;
  }

  Terminal terminal() {
    return shell.terminal();
  }

  boolean isJson() {
    return json;
  }

  Consumer<String> notices() {
    return quiet ? _ -> {} : terminal()::say;
  }

  Progress progress() {
    if (quiet) {
      return Progress.silent();
    }
    return terminal().isInteractive()
        ? new BarProgress(terminal())
        : new LineProgress(notices(), shell.time());
  }

  /// The value for `--json`, the sentence for people.
  void print(Object value, String sentence) {
    if (json) {
      terminal().print(Json.line(value));
    } else {
      notices().accept(sentence);
    }
  }

  boolean isServerNamed() {
    return server.isPresent() || shell.variable("ARCTIC_SERVER").isPresent();
  }

  ArcticClient client() {
    return clientOf(
        server
            .or(() -> shell.variable("ARCTIC_SERVER"))
            .map(CommonOptions::url)
            .orElseGet(() -> URI.create(DEFAULT_SERVER)));
  }

  ArcticClient clientOf(URI server) {
    return new ArcticClient(new Wire(server, shell.variable("ARCTIC_API_KEY")));
  }

  Patience patience() {
    return new Patience(shell.time(), notices());
  }

  TaskWatch watch(ArcticClient client) {
    return new TaskWatch(client, shell.time(), notices());
  }

  Handover handover(ArcticClient client) {
    return new Handover(client, shell.time(), notices());
  }

  /// For a command that is a server itself.
  void refuseServer(String command, String instead) {
    if (server.isPresent()) {
      throw new Failure.Usage(
          "'%s' starts its own service and takes no --server; %s.".formatted(command, instead));
    }
  }

  private static URI url(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new Failure.Usage(
        "'%s' is not the URL of a server; one looks like %s.".formatted(text, DEFAULT_SERVER));
  }
}
