package dev.arcticsynth.lab.process;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once a build.
record PostgresPrograms(Path folder) {

  static synchronized PostgresPrograms unpacked() {
    Path folder = Path.of("target", "lab", "postgres").toAbsolutePath();
    if (!Files.exists(folder)) {
      try {
        Path aside = folder.resolveSibling("postgres-" + UUID.randomUUID());
        unpack(aside);
        Path _ = Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new PostgresPrograms(folder);
  }

  /// PostgreSQL refuses to run as root; in a user namespace of its own it has another number.
  List<String> command(String program, String... arguments) {
    var words = new ArrayList<String>();
    if (LinuxUtils.isUnshareAvailable()) {
      words.addAll(List.of("unshare", "-U"));
    }
    words.add(folder.resolve("bin").resolve(program).toString());
    words.addAll(List.of(arguments));
    return words;
  }

  private static void unpack(Path target) throws IOException {
    String system = System.getProperty("os.name", "").startsWith("Mac") ? "Darwin" : "Linux";
    String machine = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    try (var packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
        var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed)))) {
      for (@Nullable TarArchiveEntry entry = tar.getNextEntry();
          entry != null;
          entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Path _ = Files.createDirectories(path);
          continue;
        }
        Path _ = Files.createDirectories(target.resolve(entry.getName()).resolve("..").normalize());
        if (entry.isSymbolicLink()) {
          Path _ = Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          long _ = Files.copy(tar, path);
          boolean _ = path.toFile().setExecutable(path.startsWith(target.resolve("bin")));
        }
      }
    }
  }
}
