package dev.arcticsynth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Temporary files of a killed process of ours. Names begin as only ours do; links are not
/// followed.
final class StaleFiles {
  private StaleFiles() {}

  static void remove(Path folder, String prefix) throws IOException {
    for (Path leftover : named(folder, prefix)) {
      removeTree(leftover);
    }
  }

  private static List<Path> named(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  /// As far as it goes: an orphaned initdb may still write there; then the next one gets the rest.
  private static void removeTree(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(StaleFiles.class.getName())
          .log(System.Logger.Level.WARNING, "Left for the next start folder=" + folder, e);
    }
  }
}
