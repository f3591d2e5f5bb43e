package dev.arcticsynth.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once below our folder. Named by the digest of what was packed,
/// so that a new release unpacks its own. Used only inside the [InterProcessLock].
record Binaries(Path folder) {
  private static final String UNFINISHED = "program.new-";
  private static final int DIGEST_BYTES = 8;

  static Binaries of(Layout layout) {
    try {
      var known = new KnownProgram(layout.root().resolve("program"));
      Optional<Path> unpacked = known.folder();
      if (unpacked.isPresent()) {
        return new Binaries(unpacked.get());
      }
      byte[] packed = packed();
      Path folder = layout.root().resolve("program-" + digest(packed));
      if (!Files.exists(folder)) {
        unpackAside(packed, layout.root(), folder);
      }
      known.remember(folder);
      return new Binaries(folder);
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot unpack PostgreSQL in " + layout.root() + " (" + e + "). Is the disk full?", e);
    }
  }

  String program(String name) {
    return folder.resolve("bin").resolve(name).toString();
  }

  private static void unpackAside(byte[] packed, Path root, Path folder) throws IOException {
    StaleFiles.remove(root, UNFINISHED);
    try {
      Path unfinished = root.resolve(UNFINISHED + UUID.randomUUID());
      unpack(packed, unfinished);
      var _ = Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      StaleFiles.remove(root, UNFINISHED);
    }
  }

  private static byte[] packed() throws IOException {
    String system = System.getProperty("os.name", "").startsWith("Mac") ? "Darwin" : "Linux";
    String machine = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    try (@Nullable InputStream stream =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine)) {
      if (stream == null) {
        throw new EmbeddedPostgresException(
            "There is no embedded PostgreSQL for "
                + system
                + " on "
                + machine
                + EmbeddedPostgresException.USE_ANOTHER_DATABASE);
      }
      return stream.readAllBytes();
    }
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void unpack(byte[] packed, Path target) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(packed)))) {
      for (@Nullable TarArchiveEntry entry = tar.getNextEntry();
          entry != null;
          entry = tar.getNextEntry()) {
        unpack(tar, entry, target);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    Path folder = entry.isDirectory() ? path : target.resolve(entry.getName()).resolve("..");
    Files.createDirectories(folder.normalize());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      Files.copy(tar, path);
      makeExecutable(path, target.resolve("bin"));
    }
  }

  private static void makeExecutable(Path path, Path programs) throws IOException {
    if (path.startsWith(programs) && !path.toFile().setExecutable(true)) {
      throw new IOException("cannot make it executable: " + path);
    }
  }
}
