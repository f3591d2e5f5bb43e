package dev.arcticsynth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// How wide the terminal is, asked of `stty`.
///
/// The progress bar's library would ask JLine, which puts the signals of the process back to what
/// the system does by default: Ctrl-C would then kill the JVM before any shutdown hook, and leave
/// the embedded database running.
final class TerminalWidth {

  private static final int USUAL = 80;

  private TerminalWidth() {}

  static int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(2, TimeUnit.SECONDS)) {
        stty.destroy();
        return USUAL;
      }
      String answer =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return answer.matches("\\d{1,4} [1-9]\\d{1,3}")
          ? Integer.parseInt(answer.substring(answer.indexOf(' ') + 1))
          : USUAL;
    } catch (IOException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }
}
