package dev.arcticsynth.pipeline.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Whether the disk for downloads has space again, once it was full: looked at before a file is
/// fetched, since fetching it costs more than a look. Blocks.
class DiskSpace {

  private static final Logger LOG = Logger.getLogger(DiskSpace.class);
  private static final long MARGIN = 1 << 20;

  private long needed;

  /// Fails as long as there is no more space than a step had when it was too little.
  synchronized void require(Path folder) throws IOException {
    if (needed > 0 && usable(folder) < needed) {
      throw new StagingFullException(folder);
    }
  }

  /// A step found the disk full. What it has written is deleted, and was not enough.
  synchronized StagingFullException isFull(Path folder) {
    var full = new StagingFullException(folder);
    if (needed == 0) {
      LOG.warn(full.getMessage() + " Downloads wait, and go on by themselves.");
    }
    needed = Math.max(needed, size(folder) + MARGIN);
    return full;
  }

  /// A step had all that it needed.
  synchronized void isEnough() {
    if (needed > 0) {
      LOG.info("The disk for downloads has space again.");
    }
    needed = 0;
  }

  long usable(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
