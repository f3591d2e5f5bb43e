package dev.arcticsynth.cli;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/// What a command works with: its surroundings, and the client, the progress and the output that
/// the common options ask for.
final class CliContext {
  private static final String SERVER_VARIABLE = "ARCTIC_SERVER";
  private static final String API_KEY_VARIABLE = "ARCTIC_API_KEY";

  private final Shell shell;
  private final CommonOptions options;

  CliContext(Shell shell, CommonOptions options) {
    this.shell = shell;
    this.options = options;
  }

  CommonOptions options() {
    return options;
  }

  Shell shell() {
    return shell;
  }

  Terminal terminal() {
    return shell.terminal();
  }

  boolean isJson() {
    return options.isJson();
  }

  Consumer<String> notices() {
    return options.isQuiet() ? _ -> {} : terminal()::say;
  }

  Progress progress() {
    if (options.isQuiet()) {
      return Progress.silent();
    }
    return terminal().isInteractive()
        ? new BarProgress(terminal(), new TerminalWidth())
        : new LineProgress(notices(), shell.time());
  }

  /// The value for `--json`, the sentence for people.
  void print(Object value, String sentence) {
    if (isJson()) {
      terminal().print(Json.line(value));
    } else {
      notices().accept(sentence);
    }
  }

  boolean isServerNamed() {
    return server().isPresent();
  }

  ArcticClient client() {
    return clientOf(
        server().map(CliContext::url).orElseGet(() -> URI.create(CommonOptions.DEFAULT_SERVER)));
  }

  ArcticClient clientOf(URI server) {
    var wire = new Wire(server, shell.variable(API_KEY_VARIABLE));
    return new ArcticClient(wire, shell.time(), notices());
  }

  Patience patience() {
    return new Patience(shell.time(), notices());
  }

  /// For a command that is a server itself.
  void refuseServer(String command, String instead) {
    if (options.server().isPresent()) {
      throw new Failure.Usage(
          "'%s' starts its own service and takes no --server; %s.".formatted(command, instead));
    }
  }

  private Optional<String> server() {
    return options.server().or(() -> shell.variable(SERVER_VARIABLE));
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
        "'%s' is not the URL of a server; one looks like %s."
            .formatted(text, CommonOptions.DEFAULT_SERVER));
  }
}
