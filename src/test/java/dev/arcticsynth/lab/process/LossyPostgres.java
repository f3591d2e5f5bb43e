package dev.arcticsynth.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// Makes a cluster lose its newest commits, as an asynchronous replica does that is promoted: the
/// primary dies, and its base backup is recovered with its WAL up to a moment before, on a new
/// timeline.
///
/// It comes back on the same port, so the replicas see a primary that was away for a moment.
public final class LossyPostgres {

  private final LabPostgres postgres;
  private final Path backup;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private volatile boolean isSampling = true;

  private record Sample(Instant at, String lsn) {}

  private LossyPostgres(LabPostgres postgres, Path backup) {
    this.postgres = postgres;
    this.backup = backup;
  }

  /// Takes the base backup, and watches from then on how far the WAL is.
  public static LossyPostgres of(LabPostgres postgres, Path backup) {
    var lossy = new LossyPostgres(postgres, backup);
    lossy.takeBackup();
    Thread _ = Thread.ofVirtual().start(lossy::sample);
    return lossy;
  }

  /// What was committed after that moment is gone.
  public void failOver(Instant last) {
    String lsn = lsnAt(last);
    isSampling = false;
    // Something to lose for sure: a recovery that finds its target to be the very end gives up.
    postgres.execute("postgres", "SELECT pg_logical_emit_message(true, 'lab', 'lost')");
    postgres.killHard();
    try {
      Path dead = postgres.data().resolveSibling("dead-" + System.nanoTime());
      Path _ = Files.move(postgres.data(), dead);
      Path _ = Files.move(backup, postgres.data());
      Path _ =
          Files.writeString(
              postgres.data().resolve("postgresql.conf"),
              """

              restore_command = 'cp "%s/pg_wal/%%f" "%%p"'
              recovery_target_timeline = 'current'
              recovery_target_lsn = '%s'
              recovery_target_action = 'promote'
              """
                  .formatted(dead, lsn),
              StandardOpenOption.APPEND);
      Path _ = Files.createFile(postgres.data().resolve("recovery.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    postgres.start();
    Polling.until(() -> "the promotion, see " + postgres.log(), this::isPromoted);
  }

  private boolean isPromoted() {
    try (Connection connection = postgres.connect("postgres")) {
      return first(connection, "SELECT pg_is_in_recovery()").equals("f");
    } catch (SQLException e) {
      return false;
    }
  }

  private void takeBackup() {
    try (Connection connection = postgres.connect("postgres")) {
      String _ = first(connection, "SELECT pg_backup_start('lab', true)");
      copy(postgres.data(), backup);
      String label = first(connection, "SELECT labelfile FROM pg_backup_stop(false)");
      Path _ = Files.writeString(backup.resolve("backup_label"), label);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("The base backup failed", e);
    }
  }

  /// Files come and go meanwhile; what is inconsistent is mended by the WAL.
  private static void copy(Path from, Path to) throws IOException {
    Path _ =
        Files.walkFileTree(
            from,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                  throws IOException {
                Path made = Files.createDirectories(to.resolve(from.relativize(folder)));
                boolean _ = made.toFile().setReadable(false, false);
                Path _ =
                    Files.setPosixFilePermissions(
                        made, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                  throws IOException {
                Path relative = from.relativize(file);
                if (!relative.toString().equals("postmaster.pid")
                    && !relative.startsWith("pg_wal")) {
                  try {
                    Path _ = Files.copy(file, to.resolve(relative));
                  } catch (NoSuchFileException e) {
                    // Dropped meanwhile.
                  }
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
              }
            });
  }

  private void sample() {
    try (Connection connection = postgres.connect("postgres")) {
      while (isSampling) {
        var sample =
            new Sample(Instant.now(), first(connection, "SELECT pg_current_wal_flush_lsn()"));
        synchronized (samples) {
          samples.addLast(sample);
        }
        Polling.pause(Duration.ofMillis(10));
      }
    } catch (SQLException e) {
      // It was killed, as it should be.
    }
  }

  private String lsnAt(Instant last) {
    synchronized (samples) {
      while (samples.size() > 1 && samples.getLast().at().isAfter(last)) {
        Sample _ = samples.removeLast();
      }
      return samples.getLast().lsn();
    }
  }

  private static String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      boolean _ = rows.next();
      String value = rows.getString(1);
      return value == null ? "" : value;
    }
  }
}
