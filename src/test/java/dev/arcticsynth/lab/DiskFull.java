package dev.arcticsynth.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// PostgreSQL on a disk that fills up, and has room again after a while.
final class DiskFull {

  private static final Duration LASTS = Duration.ofSeconds(6);

  private DiskFull() {}

  /// A small disk of its own; empty when this machine lets us mount none.
  static boolean mount(Path at) {
    try {
      Path _ = Files.createDirectories(at);
      return new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=192m", "lab", at.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    }
  }

  static void unmount(Path at) {
    try {
      int _ = new ProcessBuilder("umount", "-l", at.toString()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    }
  }

  static List<Breach> run(Path folder, Path disk) {
    String settings = "min_wal_size = '32MB'\nmax_wal_size = '64MB'\n";
    try (var surroundings =
        Surroundings.open(folder, disk.resolve("postgres"), settings, Map.of())) {
      return surroundings.survive(
          "disk-full", () -> fill(disk, surroundings.postgres()), Mishap.DATABASE_KILLED::explains);
    }
  }

  private static void fill(Path disk, LabPostgres postgres) {
    Path ballast = disk.resolve("ballast");
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // As it should be.
    }
    Waiting.pause(LASTS);
    try {
      Files.delete(ballast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // PostgreSQL may have given up meanwhile; an operator would start it.
    if (!Waiting.within(Duration.ofSeconds(10), postgres::answers)) {
      postgres.killHard();
      postgres.start();
    }
  }
}
