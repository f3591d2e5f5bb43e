package dev.arcticsynth.task;

import java.time.Instant;
import java.util.UUID;

/// A row that is ours for as long as the lease lasts. Every write that follows names the token.
///
/// @param dueAt what the row was claimed for; a later time in the row is news that must be kept
public record Claim(Kind kind, UUID id, UUID token, Instant dueAt) {

  /// What waits and is claimed.
  public enum Kind {
    TASK,
    PARTITION,
    /// A message that is owed to a caller.
    DELIVERY
  }
}
