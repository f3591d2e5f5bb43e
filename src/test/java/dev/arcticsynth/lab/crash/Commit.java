package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.process.Polling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// The commit that is checked out.
final class Commit {

  private static final long UNKNOWN = 1;

  private Commit() {}

  /// A number made of it, so that another commit is struck differently; the same one everywhere
  /// where there is no repository.
  static long seed() {
    try {
      var asked =
          new ProcessBuilder("git", "rev-parse", "--short=8", "HEAD")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return asked.waitFor(10, TimeUnit.SECONDS) && asked.exitValue() == 0
          ? Long.parseLong(said.substring(0, 8), 16)
          : UNKNOWN;
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }
}
