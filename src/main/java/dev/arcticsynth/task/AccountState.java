package dev.arcticsynth.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is known of the account behind a provider.
///
/// @param parked a person must act before anything is begun on it
/// @param quotas the limits that are known, by model
public record AccountState(Optional<Parked> parked, List<Quota> quotas) {
  public AccountState {
    quotas = List.copyOf(quotas);
  }

  /// @param until when it is tried again without a person
  public record Parked(WaitReason waits, String because, Instant until) {}

  /// Input tokens are estimates of ours.
  ///
  /// @param limit of what may be enqueued at a time
  /// @param waiting partitions that wait for room
  /// @param learnedAt absent when it is configured and was never refused
  public record Quota(
      String model,
      long limit,
      long inFlight,
      int partitions,
      int waiting,
      Optional<Instant> learnedAt,
      Optional<Instant> lastRefusedAt) {}
}
