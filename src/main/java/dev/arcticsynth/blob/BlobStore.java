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

  /// Begins a blob that nobody refers to yet; if nobody ever does, it is swept.
  Uni<UUID> begin();

  /// Stores one chunk, raw, of at most a few MiB. Keys are written once: a second write fails.
  Uni<Void> put(BlobKey key, byte[] raw);

  /// The chunk's raw bytes, checked against its digest. Fails with [DamagedBlobException], also
  /// where the chunk is missing.
  Uni<byte[]> get(BlobKey key);

  /// Removes blobs that were begun before a time and that nobody refers to; how many.
  Uni<Integer> deleteOrphans(Instant begunBefore);

  /// Removes a blob unless somebody refers to it. Waits for a transaction that is about to, whoever
  /// began it: the one who begins a blob may not know whether his own was committed.
  Uni<Void> discard(UUID blobId);

  /// Removes blobs and their chunks; those that are gone already are removed.
  Uni<Void> delete(Collection<UUID> blobIds);
}
