package dev.arcticsynth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The lines of the server's log since a point in time.
record ServerLog(Path file, long start) {
  private static final long MAX_BYTES = 5 << 20;
  private static final int LINES = 6;

  static ServerLog fromHere(Layout layout) {
    try {
      Path file = layout.log();
      return new ServerLog(file, Files.exists(file) ? Files.size(file) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Keeps the log and its predecessor. Only while no server writes to it.
  static void rotate(Layout layout) {
    try {
      if (fromHere(layout).start > MAX_BYTES) {
        Path old = layout.root().resolve("server.log.1");
        var _ = Files.move(layout.log(), old, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean says(String words) {
    return news().stream().anyMatch(line -> line.contains(words));
  }

  EmbeddedPostgresException failure(String what) {
    List<String> news = news();
    List<String> last = news.subList(Math.max(0, news.size() - LINES), news.size());
    return new EmbeddedPostgresException(
        what
            + ". Its log "
            + file
            + " ends with:\n  "
            + String.join("\n  ", last)
            + "\nFix that and start again"
            + EmbeddedPostgresException.USE_ANOTHER_DATABASE);
  }

  private List<String> news() {
    try {
      byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      int from = (int) Math.min(start, all.length);
      return new String(all, from, all.length - from, java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
