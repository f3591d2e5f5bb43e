package dev.arcticsynth.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// One user of the server: a file of its own, locked as long as its process runs, also if that is
/// killed.
///
/// One shared lock for all would not do: closing any channel to a file drops every lock which the
/// JVM has on it (POSIX), so two members in one JVM would push each other out. Used only inside the
/// [InterProcessLock].
final class ServerUsers {
  private final Path folder;
  private final Path file;
  private final FileChannel channel;

  private ServerUsers(Path folder, Path file, FileChannel channel) {
    this.folder = folder;
    this.file = file;
    this.channel = channel;
  }

  static ServerUsers enter(Layout layout) {
    Path file = layout.members().resolve(Jvm.current().prefix() + UUID.randomUUID());
    try {
      Layout.createFile(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      var _ = channel.lock(); // held until the channel closes
      return new ServerUsers(layout.members(), file, channel);
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot write in " + layout.members() + " (" + e + "). Is the disk full?", e);
    }
  }

  /// The user who runs us, as the file system sees it.
  UserPrincipal owner() {
    try {
      return Files.getOwner(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void leave() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean othersAreThere() {
    return !others().isEmpty();
  }

  /// A member that we cannot see as a process runs in another container. Its server is hidden from
  /// us too, and a second server on the same data would destroy them.
  void refuseStrangers() {
    others().stream()
        .filter(other -> !Jvm.of(other).isVisible())
        .findAny()
        .ifPresent(_ -> {
          throw new EmbeddedPostgresException(
              folder.getParent()
                  + " is in use by a process of another container. Give each container its own"
                  + " arctic.home"
                  + EmbeddedPostgresException.USE_ANOTHER_DATABASE);
        });
  }

  private List<Path> others() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(other -> !other.equals(file)).filter(ServerUsers::isAlive).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isAlive(Path other) {
    // Not even opened: closing it again would drop the lock of our own JVM.
    return Jvm.current().owns(other) || isLocked(other);
  }

  /// Deletes the file when its process is dead.
  private static boolean isLocked(Path other) {
    try (FileChannel channel = FileChannel.open(other, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return true;
      }
      Files.delete(other);
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A process as the name of its member file identifies it: pid and start, since containers reuse
  /// the same few pids.
  private record Jvm(long pid, Instant started) {
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
}
