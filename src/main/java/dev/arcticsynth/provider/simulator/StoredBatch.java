package dev.arcticsynth.provider.simulator;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All that happened to a batch. Its status is not stored: it follows from this and the time.
///
/// @param outputExpiresAfter seconds
/// @param cancelledAt when the cancel was asked for
/// @param checked by whoever looked first after the validation was due
/// @param harvest by whoever looked first after the output was due
record StoredBatch(
    String id,
    String endpoint,
    String inputFileId,
    @Nullable Map<String, String> metadata,
    @Nullable Long outputExpiresAfter,
    Plan plan,
    @Nullable Instant cancelledAt,
    @Nullable Checked checked,
    @Nullable Harvest harvest) {

  Status status(Instant now) {
    if (checked != null && checked.isFailed()) {
      return Status.FAILED;
    }
    if (cancelledAt != null) {
      return now.isBefore(cancelledAt.plus(plan.cancelling()))
          ? Status.CANCELLING
          : Status.CANCELLED;
    }
    if (plan.runsOut() && !now.isBefore(plan.expiresAt())) {
      return Status.EXPIRED;
    }
    if (now.isBefore(plan.validatedAt())) {
      return Status.VALIDATING;
    }
    if (now.isBefore(plan.answeredAt())) {
      return Status.IN_PROGRESS;
    }
    if (now.isBefore(plan.completedAt())) {
      return Status.FINALIZING;
    }
    return harvest != null && harvest.expired() ? Status.EXPIRED : Status.COMPLETED;
  }

  /// When the last of it happens.
  Instant endsAt() {
    if (cancelledAt != null) {
      return cancelledAt.plus(plan.cancelling());
    }
    return plan.runsOut() ? plan.expiresAt() : plan.completedAt();
  }

  boolean needsCheck(Instant now) {
    Instant runsUntil = cancelledAt == null ? plan.expiresAt() : cancelledAt;
    return checked == null
        && !now.isBefore(plan.validatedAt())
        && !runsUntil.isBefore(plan.validatedAt());
  }

  boolean needsHarvest(Instant now) {
    return checked != null && !checked.isFailed() && harvest == null && !now.isBefore(harvestAt());
  }

  /// The share of its rows that gets an answer.
  double share() {
    return plan.progress(
        cancelledAt != null ? cancelledAt : plan.runsOut() ? plan.expiresAt() : plan.answeredAt());
  }

  /// What a fault may be matched with.
  String subject() {
    return id + " " + inputFileId + " " + Optional.ofNullable(metadata).orElse(Map.of());
  }

  StoredBatch with(Checked found) {
    return new StoredBatch(
        id, endpoint, inputFileId, metadata, outputExpiresAfter, plan, cancelledAt, found, harvest);
  }

  StoredBatch with(Harvest made) {
    return new StoredBatch(
        id, endpoint, inputFileId, metadata, outputExpiresAfter, plan, cancelledAt, checked, made);
  }

  StoredBatch cancelledAt(Instant now) {
    return new StoredBatch(
        id, endpoint, inputFileId, metadata, outputExpiresAfter, plan, now, checked, harvest);
  }

  private Instant harvestAt() {
    if (cancelledAt != null) {
      return endsAt();
    }
    return plan.runsOut() ? plan.expiresAt() : plan.answeredAt();
  }
}
