package dev.arcticsynth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Homes that need not unpack PostgreSQL again: they link to programs unpacked once for all tests.
final class TestHomes {
  private static final Path PROGRAMS = unpackOnce();

  private TestHomes() {}

  static Path in(Path folder) {
    Path home = withoutPrograms(folder);
    Layout layout = Layout.under(home);
    try {
      link(PROGRAMS, layout.root().resolve(PROGRAMS.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return home;
  }

  /// For tests that never get as far as running one.
  static Path withoutPrograms(Path folder) {
    Path home = folder.resolve("home");
    var _ = Layout.under(home);
    return home;
  }

  /// File by file, since JUnit complains of a link to a folder elsewhere.
  private static void link(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectory(target);
        } else {
          Files.createLink(target, path);
        }
      }
    }
  }

  private static Path unpackOnce() {
    try {
      Path parent = Files.createTempDirectory("arctic");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(parent)));
      return Binaries.of(Layout.under(parent.resolve("home"))).folder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path parent) {
    try {
      StaleFiles.remove(parent, "home");
      Files.delete(parent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
