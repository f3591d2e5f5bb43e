package dev.arcticsynth.blob;

/// Stored bytes are not those that were written. Nothing is served from them; an operator must act.
public final class DamagedBlobException extends RuntimeException {
  DamagedBlobException(BlobKey key, String how) {
    super(
        "Blob %s chunk %d is damaged: %s. Restore the database from a backup."
            .formatted(key.blobId(), key.n(), how));
  }
}
