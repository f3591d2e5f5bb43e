package dev.arcticsynth.provider.simulator.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a file besides its content.
///
/// @param readyAt it is being read until then
/// @param isSpoilt what is read cannot be used
public record StoredFile(
    String id,
    String filename,
    String purpose,
    long bytes,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant readyAt,
    boolean isSpoilt) {

  public boolean isThere(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }

  /// A batch can be made of it.
  public boolean isReady(Instant now) {
    return status(now).equals("processed");
  }

  public String status(Instant now) {
    if (readyAt != null && now.isBefore(readyAt)) {
      return "pending";
    }
    return isSpoilt ? "error" : "processed";
  }

  public ObjectNode wire(Instant now) {
    return StateJson.object()
        .put("object", "file")
        .put("id", id)
        .put("purpose", purpose)
        .put("filename", filename)
        .put("bytes", bytes)
        .put("created_at", createdAt.getEpochSecond())
        .put("expires_at", expiresAt == null ? null : expiresAt.getEpochSecond())
        .put("status", status(now))
        .put("status_details", status(now).equals("error") ? "The file cannot be read." : null);
  }
}
