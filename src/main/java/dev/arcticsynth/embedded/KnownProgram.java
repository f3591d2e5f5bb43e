package dev.arcticsynth.embedded;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/// Notes which folder PostgreSQL was unpacked into from the packages on our class path, so that a
/// start need not read 15 MB to find it again. Used only while [InterProcessLock] is held.
record KnownProgram(Path note) {
  private static final List<String> PACKAGES =
      List.of(
          "postgres-linux-x86_64.txz",
          "postgres-linux-x86_64-alpine_linux.txz",
          "postgres-darwin-x86_64.txz");

  /// Absent when the packages are others, or the folder is gone.
  Optional<Path> folder() throws IOException {
    if (!Files.exists(note)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(note);
    if (lines.size() != 2 || !lines.getFirst().equals(packages())) {
      return Optional.empty();
    }
    return Optional.of(note.resolveSibling(lines.getLast())).filter(Files::isDirectory);
  }

  void remember(Path folder) throws IOException {
    Files.write(note, List.of(packages(), folder.getFileName().toString()));
  }

  /// Told by the jars' directories.
  private static String packages() throws IOException {
    var names = new StringBuilder();
    for (String name : PACKAGES) {
      @Nullable URL url = Binaries.class.getClassLoader().getResource(name);
      if (url != null && url.openConnection() instanceof JarURLConnection jar) {
        ZipEntry entry = jar.getJarEntry();
        names.append("%s %08x %d;".formatted(name, entry.getCrc(), entry.getSize()));
      }
    }
    return names.toString();
  }
}
