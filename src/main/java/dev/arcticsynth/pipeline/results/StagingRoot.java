package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.home.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One process's folder for what it stages, with a file in it that the process has locked: a lock
/// goes with its process, however it ends, so that another process can tell used folders from stale
/// ones. Process numbers cannot: containers that share a disk have the same ones. Blocks.
final class StagingRoot implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(StagingRoot.class);
  private static final String PREFIX = "arctic-staging-";
  private static final String UNFINISHED = "arctic-unfinished-";
  private static final String ALIVE = "alive";

  private final Path folder;
  private final FileChannel alive;

  private StagingRoot(Path folder, FileChannel alive) {
    this.folder = folder;
    this.alive = alive;
  }

  /// Removes what dead processes left in the parent, and begins a folder of our own there.
  static StagingRoot in(Path parent) throws IOException {
    Path _ = Files.createDirectories(parent);
    removeLeftovers(parent);
    String name = UUID.randomUUID().toString();
    // Renamed once it is locked, so that it is never taken for a stale one.
    Path unfinished = PrivateFiles.newFolder(parent.resolve(UNFINISHED + name));
    FileChannel alive =
        PrivateFiles.open(
            unfinished.resolve(ALIVE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileLock _ = alive.lock();
    Path folder = parent.resolve(PREFIX + name);
    Path _ = Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    return new StagingRoot(folder, alive);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    delete(folder);
    alive.close();
  }

  private static void removeLeftovers(Path parent) throws IOException {
    for (Path each : roots(parent)) {
      if (PrivateFiles.isOwnFolder(each) && isLeft(each.resolve(ALIVE))) {
        delete(each);
        LOG.infof("Removed what a dead process had staged: folder=%s", each);
      }
    }
  }

  private static List<Path> roots(Path parent) throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(path -> path.getFileName().toString().startsWith(PREFIX)).toList();
    }
  }

  /// A folder that cannot be read is skipped. A pipe would be waited for.
  private static boolean isLeft(Path alive) {
    if (!Files.isRegularFile(alive, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel channel = PrivateFiles.open(alive, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        boolean _ = Files.deleteIfExists(path);
      }
    }
  }
}
