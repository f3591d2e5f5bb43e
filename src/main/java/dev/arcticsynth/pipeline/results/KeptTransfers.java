package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.task.Partition;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Whole files of answers whose companion failed: kept on local disk until the partition's next
/// step, so that they are not fetched again. A bounded number of bytes and for a bounded time;
/// nothing depends on them, and the next step may run elsewhere.
@ApplicationScoped
class KeptTransfers {

  private static final long MAX_BYTES = 1L << 30;
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Staging staging;
  private final InstantSource clock;
  private final Vertx vertx;
  private final Map<Key, Kept> kept = new LinkedHashMap<>();

  KeptTransfers(Staging staging, InstantSource clock, Vertx vertx) {
    this.staging = staging;
    this.clock = clock;
    this.vertx = vertx;
  }

  private record Key(UUID partition, String fileId) {}

  private record Kept(Path path, long bytes, Instant since) {}

  /// Keeps the whole ones.
  Uni<Void> keep(Partition partition, List<Transfer> transfers) {
    var whole = transfers.stream().filter(Transfer::isWhole).toList();
    return whole.isEmpty()
        ? Uni.createFrom().voidItem()
        : vertx
            .executeBlocking(
                () -> {
                  for (Transfer transfer : whole) {
                    keep(new Key(partition.id(), transfer.fileId()), transfer.path());
                  }
                  return null;
                },
                false)
            .replaceWithVoid();
  }

  /// Moves a kept file into a folder.
  Uni<Optional<Path>> take(Partition partition, String fileId, Path folder) {
    var key = new Key(partition.id(), fileId);
    return has(key)
        ? vertx.executeBlocking(() -> take(key, folder), false)
        : Uni.createFrom().item(Optional.empty());
  }

  private synchronized boolean has(Key key) {
    return kept.containsKey(key);
  }

  private synchronized void keep(Key key, Path staged) throws IOException {
    forgetTheOld();
    long bytes = Files.size(staged);
    long all = kept.values().stream().mapToLong(Kept::bytes).sum();
    if (all + bytes <= MAX_BYTES) {
      Path path = Files.move(staged, staging.root().folder().resolve("kept-" + UUID.randomUUID()));
      Kept before = kept.put(key, new Kept(path, bytes, clock.instant()));
      if (before != null) {
        boolean _ = Files.deleteIfExists(before.path());
      }
    }
  }

  private synchronized Optional<Path> take(Key key, Path folder) throws IOException {
    Kept found = kept.remove(key);
    return found == null || Files.notExists(found.path())
        ? Optional.empty()
        : Optional.of(Files.move(found.path(), folder.resolve("a-" + found.path().getFileName())));
  }

  private void forgetTheOld() throws IOException {
    Instant old = clock.instant().minus(LONGEST);
    for (Iterator<Kept> each = kept.values().iterator(); each.hasNext(); ) {
      Kept one = each.next();
      if (one.since().isBefore(old)) {
        boolean _ = Files.deleteIfExists(one.path());
        each.remove();
      }
    }
  }
}
