package dev.arcticsynth.cli.options;

import dev.arcticsynth.cli.terminal.Environment;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The webhook of a new task. There is no option for the secret itself: all users of a machine can
/// read the arguments of its processes.
public final class CallbackOptions {
  private static final String HEADER = "X-Arctic-Callback-Secret";
  private static final String VARIABLE = "ARCTIC_TASK_CALLBACK_SECRET";

  @Option(
      names = "--callback",
      paramLabel = "URL",
      description = "Webhook for the end of the task, signed.")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--callback-secret-file",
      paramLabel = "FILE",
      description =
          "File with the secret that signs it, whsec_… ("
              + VARIABLE
              + "; else the server's own secret).")
  private Optional<Path> secretFile = Optional.empty();

  public Map<String, String> query() {
    return url.map(value -> Map.of("callback_url", value)).orElse(Map.of());
  }

  public Map<String, String> headers(Environment environment) {
    if (url.isEmpty()) {
      if (secretFile.isPresent()) {
        throw new Failure.Usage("--callback-secret-file needs --callback URL.");
      }
      return Map.of();
    }
    return secretFile
        .map(CallbackOptions::read)
        .or(() -> environment.variable(VARIABLE))
        .map(secret -> Map.of(HEADER, secret))
        .orElse(Map.of());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
    }
  }
}
