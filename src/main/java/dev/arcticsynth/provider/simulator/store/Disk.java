package dev.arcticsynth.provider.simulator.store;

import dev.arcticsynth.home.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The directory that holds everything. Documents are replaced whole, so that a reader, here or in
/// another process, never sees half of one.
public final class Disk {
  private static final int STRIPES = 64;
  private static final List<String> FOLDERS =
      List.of("files", "batches", "billed", "deleted", "inputs", "locks", "tmp");

  /// A process may hold a file lock only once; so threads, and simulators over the same directory,
  /// queue here first.
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

  private final Path dir;

  public Disk(Path dir) {
    this.dir = dir.toAbsolutePath().normalize();
    try {
      // That folder itself may be one of the caller's choice, and stays as it is.
      for (String name : FOLDERS) {
        Path _ = PrivateFiles.folder(this.dir.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An uploaded or generated file.
  public Path content(String fileId) {
    return dir.resolve("files").resolve(fileId);
  }

  Path file(String fileId) {
    return dir.resolve("files").resolve(fileId + ".json");
  }

  /// When a file was deleted.
  Path deleted(String fileId) {
    return dir.resolve("deleted").resolve(fileId + ".json");
  }

  public Path batch(String batchId) {
    return dir.resolve("batches").resolve(batchId + ".json");
  }

  /// A batch's own hold on its input, which outlives the file's deletion.
  public Path input(String batchId) {
    return dir.resolve("inputs").resolve(batchId);
  }

  /// Where the rows of a validated input lie.
  public Path index(String batchId) {
    return dir.resolve("inputs").resolve(batchId + ".index");
  }

  /// The custom ids that were billed, one JSON string a line.
  public Path billed(String batchId) {
    return dir.resolve("billed").resolve(batchId);
  }

  Path ledger() {
    return dir.resolve("ledger.jsonl");
  }

  public Path temporary() {
    return dir.resolve("tmp").resolve(UUID.randomUUID().toString());
  }

  /// The ids of all batches, newest first.
  public List<String> batches() {
    return ids(dir.resolve("batches"));
  }

  /// The ids of all files, newest first.
  List<String> files() {
    return ids(dir.resolve("files"));
  }

  /// The ids of all batches that were billed, newest first.
  List<String> billed() {
    try (Stream<Path> paths = Files.list(dir.resolve("billed"))) {
      return paths
          .map(path -> path.getFileName().toString())
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public <T> Optional<T> read(Path path, Class<T> type) {
    try {
      return Optional.of(StateJson.MAPPER.readValue(Files.readAllBytes(path), type));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(Path path, Object document) {
    try {
      Path temporary = temporary();
      Path _ = Files.write(temporary, StateJson.bytes(document));
      publish(temporary, path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void publish(Path temporary, Path path) {
    try {
      PrivateFiles.close(temporary);
      Path _ =
          Files.move(
              temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void remove(Path path) {
    try {
      boolean _ = Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs `work` while no other thread and no other process works under the same name. Do not nest.
  public <T> T locked(String name, Supplier<T> work) {
    Path path =
        dir.resolve("locks").resolve(Integer.toString(Math.floorMod(name.hashCode(), STRIPES)));
    ReentrantLock mutex = IN_PROCESS.computeIfAbsent(path, _ -> new ReentrantLock());
    mutex.lock();
    try (FileChannel channel =
            PrivateFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      return work.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      mutex.unlock();
    }
  }

  private static List<String> ids(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
