package dev.arcticsynth.task;

import java.util.UUID;

/// A row that is ours for as long as the lease lasts. Every write that follows names the token.
public record Claim(Kind kind, UUID id, UUID token) {

  /// What waits and is claimed.
  public enum Kind {
    TASK,
    PARTITION
  }
}
