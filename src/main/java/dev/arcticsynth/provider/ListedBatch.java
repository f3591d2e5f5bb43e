package dev.arcticsynth.provider;

import java.time.Instant;
import java.util.Optional;

/// A batch as its provider lists it.
///
/// @param tag of the submission that it was made for; empty where it has none
/// @param fileId what it was made from; empty where the provider does not say
/// @param createdAt by the provider's clock
public record ListedBatch(
    String id, String tag, String fileId, Optional<Instant> createdAt, BatchStatus status) {

  /// It may still run requests.
  public boolean isLive() {
    return status instanceof BatchStatus.InProgress;
  }
}
