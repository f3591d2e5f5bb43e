package dev.arcticsynth.task.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// A row that is ours for as long as the lease lasts. Every write that follows names the token and
/// the timeline.
///
/// @param dueAt what the row was claimed for; a later time in the row is a new wake-up that must be
///   kept
/// @param timeline of the database when the row was claimed; another one may have lost it
/// @param lease how long the row is ours from the last write that kept it
public record Claim(
    Kind kind, UUID id, UUID token, Instant dueAt, String timeline, Duration lease) {

  /// What waits and is claimed.
  public enum Kind {
    TASK,
    PARTITION,
    /// The account behind a provider; due for an audit.
    ACCOUNT,
    /// A webhook delivery.
    DELIVERY
  }

  /// Another process holds the row now, or the database is not the one that gave it to us.
  public LeaseLostException lost() {
    return new LeaseLostException(kind.name().toLowerCase(java.util.Locale.ROOT), id);
  }
}
