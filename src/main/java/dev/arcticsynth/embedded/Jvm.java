package dev.arcticsynth.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// A process as the name of its member file tells it: pid and start, since containers reuse the
/// same few pids.
record Jvm(long pid, Instant started) {
  /// The start is reckoned from the machine's boot, which each JVM rounds for itself.
  private static final Duration ROUNDING = Duration.ofSeconds(5);

  static Jvm current() {
    return of(ProcessHandle.current());
  }

  static Jvm of(Path memberFile) {
    String[] parts = memberFile.getFileName().toString().split("-", 3);
    return new Jvm(Long.parseLong(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1])));
  }

  private static Jvm of(ProcessHandle process) {
    Instant started = process.info().startInstant().orElse(Instant.EPOCH);
    return new Jvm(process.pid(), Instant.ofEpochMilli(started.toEpochMilli()));
  }

  String prefix() {
    return pid + "-" + started.toEpochMilli() + "-";
  }

  boolean owns(Path memberFile) {
    return memberFile.getFileName().toString().startsWith(prefix());
  }

  boolean isVisible() {
    return ProcessHandle.of(pid)
        .map(Jvm::of)
        .filter(found -> Duration.between(found.started, started).abs().compareTo(ROUNDING) < 0)
        .isPresent();
  }
}
