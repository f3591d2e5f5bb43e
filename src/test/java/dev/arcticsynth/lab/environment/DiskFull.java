package dev.arcticsynth.lab.environment;

import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.Polling;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// PostgreSQL on a disk that fills up, and has free space again after a while.
public final class DiskFull {

  private static final Duration LASTS = Duration.ofSeconds(6);

  private DiskFull() {}

  /// A small disk of its own; empty when this machine lets us mount none.
  public static boolean mount(Path at) {
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
      throw Polling.interrupted(e);
    }
  }

  public static void unmount(Path at) {
    try {
      int _ = new ProcessBuilder("umount", "-l", at.toString()).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }

  public static List<Violation> run(Path folder, Path disk) {
    String settings = "min_wal_size = '32MB'\nmax_wal_size = '64MB'\n";
    try (var environmentLab =
        EnvironmentLab.open(folder, disk.resolve("postgres"), settings, Map.of())) {
      return environmentLab.survive(
          "disk-full",
          () -> fill(disk, environmentLab.postgres()),
          EnvironmentFault.DATABASE_KILLED::explains);
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
    Polling.pause(LASTS);
    try {
      Files.delete(ballast);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // PostgreSQL may have given up meanwhile; an operator would start it.
    if (!Polling.within(Duration.ofSeconds(10), postgres::answers)) {
      postgres.killHard();
      postgres.start();
    }
  }
}
