package dev.arcticsynth.provider.simulator.store;

import java.time.Duration;
import java.time.Instant;

/// When a batch moves on, fixed when it is created.
///
/// @param cancelling how long a cancel takes
public record BatchSchedule(
    Instant createdAt,
    Instant validatedAt,
    Instant answeredAt,
    Instant completedAt,
    Instant expiresAt,
    Duration cancelling) {

  /// Whether the window closes before the batch could complete.
  boolean runsOut() {
    return expiresAt.isBefore(completedAt);
  }

  /// The share of the rows that is answered by then.
  public double progress(Instant now) {
    if (!now.isBefore(answeredAt)) {
      return 1;
    }
    if (!now.isAfter(validatedAt)) {
      return 0;
    }
    return (double) Duration.between(validatedAt, now).toMillis()
        / Duration.between(validatedAt, answeredAt).toMillis();
  }
}
