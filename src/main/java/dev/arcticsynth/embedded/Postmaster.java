package dev.arcticsynth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The server as its `postmaster.pid` describes it. Lines, by PostgreSQL's miscadmin.h: pid, data
/// folder, start, port, socket folder, listen address, shared memory key, status.
record Postmaster(long pid, String dataFolder, int port, String status) {
  private static final int LINES = 8;

  /// More than any system gives out.
  private static final String NO_PID = "999999999";

  /// The server that runs on this data; still starting, ready or already stopping.
  static Optional<Postmaster> running(Path data) {
    List<String> lines = lines(data);
    if (lines.isEmpty() || !isPostgres(lines.getFirst())) {
      return Optional.empty();
    }
    boolean complete = lines.size() >= LINES;
    return Optional.of(
        new Postmaster(
            Long.parseLong(lines.getFirst().strip()),
            lines.size() > 1 ? lines.get(1) : data.toString(),
            complete ? Integer.parseInt(lines.get(3).strip()) : 0,
            complete ? lines.get(7).strip() : "starting"));
  }

  /// Also false for a zombie, which is never reaped in a container without an init, and for another
  /// program that got the pid after a crash.
  private static boolean isPostgres(String pid) {
    return pid.strip().matches("[1-9][0-9]{0,8}")
        && ProcessHandle.of(Long.parseLong(pid.strip()))
            .flatMap(process -> process.info().command())
            .filter(command -> Path.of(command).getFileName().toString().startsWith("postgres"))
            .isPresent();
  }

  /// After a crash PostgreSQL takes its old pid for a living server if any process of ours has it
  /// now, and in a container some process often has. The rest of the file stays: with it PostgreSQL
  /// makes sure that no child of the old server is left. Only when [#running] finds none.
  static void disown(Path data) {
    List<String> lines = new ArrayList<>(lines(data));
    Path file = file(data);
    if (!Files.exists(file)) {
      return;
    }
    if (lines.isEmpty()) {
      lines.add(NO_PID);
    }
    lines.set(0, NO_PID);
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isReady() {
    return status.equals("ready");
  }

  private static List<String> lines(Path data) {
    try {
      return Files.readAllLines(file(data));
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path data) {
    return data.resolve("postmaster.pid");
  }
}
