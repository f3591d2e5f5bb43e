package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a file besides its content.
record StoredFile(
    String id,
    String filename,
    String purpose,
    long bytes,
    Instant createdAt,
    @Nullable Instant expiresAt) {

  boolean isThere(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }

  ObjectNode wire() {
    return Json.object()
        .put("object", "file")
        .put("id", id)
        .put("purpose", purpose)
        .put("filename", filename)
        .put("bytes", bytes)
        .put("created_at", createdAt.getEpochSecond())
        .put("expires_at", expiresAt == null ? null : expiresAt.getEpochSecond())
        .put("status", "processed")
        .putNull("status_details");
  }
}
