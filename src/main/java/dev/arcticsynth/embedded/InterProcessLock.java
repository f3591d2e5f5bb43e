package dev.arcticsynth.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/// Mutual exclusion over all threads, class loaders and processes. The operating system opens it
/// again when the process inside is killed.
final class InterProcessLock {
  private final Path file;

  /// A file lock belongs to the whole JVM, so threads need a lock of their own. An interned string
  /// is the same object in every class loader, which a static field is not: a test or a dev mode
  /// may load us twice.
  private final Object jvmWide;

  private InterProcessLock(Path file) {
    this.file = file;
    this.jvmWide = (InterProcessLock.class.getName() + ":" + file).intern();
  }

  static InterProcessLock of(Layout layout) {
    return new InterProcessLock(layout.gate());
  }

  /// Waits for the lock; its holder is bound by time limits of its own.
  <T> T pass(Supplier<T> action) {
    synchronized (jvmWide) {
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        return action.get();
      } catch (IOException e) {
        throw new EmbeddedPostgresException(
            "Cannot lock "
                + file
                + " ("
                + e
                + "). arctic.home must be writable and on a file system with locks.",
            e);
      }
    }
  }
}
