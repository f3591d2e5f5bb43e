package dev.arcticsynth.blob;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;

/// Where chunks of JSON lines are kept.
///
/// Safe for concurrent use. Methods may be called on an event loop and complete on the caller's
/// context; packing and unpacking happen on worker threads.
public interface BlobStore {

  /// Begins a blob without references; one that never gets any is an orphan, and is collected.
  Uni<UUID> begin();

  /// Stores one chunk, raw, of at most a few MiB. Keys are written once: a second write fails.
  Uni<Void> put(BlobKey key, byte[] raw);

  /// The chunk's raw bytes, checked against its digest. Fails with [DamagedBlobException], also
  /// where the chunk is missing.
  Uni<byte[]> get(BlobKey key);

  /// Deletes orphans: blobs that were begun before a time and have no references. Returns how many.
  Uni<Integer> deleteOrphans(Instant begunBefore);

  /// Removes a blob unless it is referred to. Waits for a transaction that is about to refer to it:
  /// a caller may not know whether its own transaction was committed.
  Uni<Void> discard(UUID blobId);

  /// Removes blobs and their chunks; those that are gone already are removed.
  Uni<Void> delete(Collection<UUID> blobIds);
}
