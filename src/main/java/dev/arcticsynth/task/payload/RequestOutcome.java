package dev.arcticsynth.task.payload;

import org.jspecify.annotations.Nullable;

/// The outcome of one request that has not succeeded.
///
/// @param requestAttempts how often the request was sent so far, this time included
/// @param wireBytes size of its line in a file
/// @param customId the caller's id as a JSON string, quotes included
/// @param response the provider's answer as JSON, if it gave one
public record RequestOutcome(
    long seq,
    State state,
    int requestAttempts,
    long wireBytes,
    String code,
    String message,
    byte[] customId,
    byte @Nullable [] response) {

  public enum State {
    /// Final.
    FAILED,
    /// Final: the caller stopped it.
    CANCELLED,
    /// Waits for a retry.
    WAITING,
    /// In a repair partition.
    RETRYING
  }
}
