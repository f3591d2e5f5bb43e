package dev.arcticsynth.cli.options;

import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.HttpTransport;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.ServerRetry;
import dev.arcticsynth.cli.terminal.BarProgress;
import dev.arcticsynth.cli.terminal.Environment;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.LineProgress;
import dev.arcticsynth.cli.terminal.Phases;
import dev.arcticsynth.cli.terminal.ProgressDisplay;
import dev.arcticsynth.cli.terminal.Terminal;
import dev.arcticsynth.cli.terminal.TerminalWidth;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/// What a command works with: its surroundings, and the client, the progress and the output that
/// the common options ask for.
public final class CliContext {
  private static final String SERVER_VARIABLE = "ARCTIC_SERVER";
  private static final String API_KEY_VARIABLE = "ARCTIC_API_KEY";

  private final Environment environment;
  private final CommonOptions options;

  public CliContext(Environment environment, CommonOptions options) {
    this.environment = environment;
    this.options = options;
  }

  public CommonOptions options() {
    return options;
  }

  public Environment shell() {
    return environment;
  }

  public Terminal terminal() {
    return environment.terminal();
  }

  public boolean isJson() {
    return options.isJson();
  }

  public Consumer<String> notices() {
    return options.isQuiet() ? _ -> {} : terminal()::say;
  }

  /// What `--quiet` does not silence: that answers are not what they seem.
  public Consumer<String> warnings() {
    return terminal()::say;
  }

  /// What takes longer than half a second says so.
  public Phases phases() {
    return options.isQuiet()
        ? Phases.silent()
        : Phases.of(terminal(), notices(), environment.time());
  }

  public ProgressDisplay progress() {
    if (options.isQuiet()) {
      return ProgressDisplay.silent();
    }
    return terminal().isInteractive()
        ? new BarProgress(terminal(), new TerminalWidth())
        : new LineProgress(notices(), environment.time());
  }

  /// The value for `--json`, the sentence for people.
  public void print(Object value, String sentence) {
    if (isJson()) {
      terminal().print(JsonCodec.line(value));
    } else {
      notices().accept(sentence);
    }
  }

  public boolean isServerNamed() {
    return server().isPresent();
  }

  public ArcticClient client() {
    return clientOf(
        server().map(CliContext::url).orElseGet(() -> URI.create(CommonOptions.DEFAULT_SERVER)));
  }

  public ArcticClient clientOf(URI server) {
    var httpTransport = new HttpTransport(server, environment.variable(API_KEY_VARIABLE));
    return new ArcticClient(httpTransport, environment.time(), notices());
  }

  public ServerRetry patience() {
    return new ServerRetry(environment.time(), notices());
  }

  /// For a command that is a server itself.
  public void refuseServer(String command, String instead) {
    if (options.server().isPresent()) {
      throw new Failure.Usage(
          "'%s' starts its own service and takes no --server; %s.".formatted(command, instead));
    }
  }

  private Optional<String> server() {
    return options.server().or(() -> environment.variable(SERVER_VARIABLE));
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
