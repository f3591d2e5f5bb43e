package dev.arcticsynth.provider.simulator.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// All files, uploaded and generated.
public final class FileStore {
  private final Disk disk;

  public FileStore(Disk disk) {
    this.disk = disk;
  }

  /// Puts the content in its place first: a file that is known is whole.
  public void add(StoredFile file, Path temporary) {
    disk.publish(temporary, disk.content(file.id()));
    disk.write(disk.file(file.id()), file);
  }

  public Optional<StoredFile> find(String id, Instant now) {
    return disk.read(disk.file(id), StoredFile.class).filter(file -> file.isThere(now));
  }

  public StoredFile get(String id, Instant now) {
    return find(id, now).orElseThrow(() -> ApiError.notFound("File object", id));
  }

  /// The files behind `after`, which may have gone meanwhile, newest first or last.
  public List<StoredFile> list(
      boolean newestFirst, String after, Predicate<StoredFile> wanted, int limit) {
    List<String> ids = newestFirst ? disk.files() : disk.files().reversed();
    return ids.stream()
        .filter(id ->
            after.isEmpty() || (newestFirst ? id.compareTo(after) < 0 : id.compareTo(after) > 0))
        .flatMap(id -> disk.read(disk.file(id), StoredFile.class).stream())
        .filter(wanted)
        .limit(limit)
        .toList();
  }

  /// From the return of this on, no batch can be made from the file, and one that is not validated
  /// yet fails.
  public void delete(StoredFile file, Instant now) {
    boolean _ =
        disk.locked(
            file.id(),
            () -> {
              disk.write(disk.deleted(file.id()), new Deleted(now));
              disk.remove(disk.file(file.id()));
              disk.remove(disk.content(file.id()));
              return true;
            });
  }

  public Optional<Instant> deletedAt(String id) {
    return disk.read(disk.deleted(id), Deleted.class).map(Deleted::at);
  }

  record Deleted(Instant at) {}
}
