package dev.arcticsynth.provider.simulator.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All that happened to a batch. Its status is not stored: it follows from this and the time.
///
/// @param outputExpiresAfter seconds
/// @param cancelledAt when the cancel was asked for
/// @param validation made by the first look after it was due
/// @param output made by the first look after it was due
public record StoredBatch(
    String id,
    String endpoint,
    String inputFileId,
    @Nullable Map<String, String> metadata,
    @Nullable Long outputExpiresAfter,
    BatchSchedule plan,
    @Nullable Instant cancelledAt,
    @JsonProperty("checked") @Nullable Validation validation,
    @JsonProperty("harvest") @Nullable Output output) {

  public Status status(Instant now) {
    if (validation != null && validation.isFailed()) {
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
    return output != null && output.expired() ? Status.EXPIRED : Status.COMPLETED;
  }

  /// When the last of it happens.
  public Instant endsAt() {
    if (cancelledAt != null) {
      return cancelledAt.plus(plan.cancelling());
    }
    return plan.runsOut() ? plan.expiresAt() : plan.completedAt();
  }

  public boolean needsValidation(Instant now) {
    Instant runsUntil = cancelledAt == null ? plan.expiresAt() : cancelledAt;
    return validation == null
        && !now.isBefore(plan.validatedAt())
        && !runsUntil.isBefore(plan.validatedAt());
  }

  public boolean needsOutput(Instant now) {
    return validation != null
        && !validation.isFailed()
        && output == null
        && !now.isBefore(outputAt());
  }

  /// The share of its rows that gets an answer.
  public double share() {
    return plan.progress(
        cancelledAt != null ? cancelledAt : plan.runsOut() ? plan.expiresAt() : plan.answeredAt());
  }

  /// What a fault may be matched with.
  public String subject() {
    return id + " " + inputFileId + " " + Optional.ofNullable(metadata).orElse(Map.of());
  }

  public StoredBatch with(Validation found) {
    return new StoredBatch(
        id, endpoint, inputFileId, metadata, outputExpiresAfter, plan, cancelledAt, found, output);
  }

  public StoredBatch with(Output made) {
    return new StoredBatch(
        id,
        endpoint,
        inputFileId,
        metadata,
        outputExpiresAfter,
        plan,
        cancelledAt,
        validation,
        made);
  }

  public StoredBatch cancelledAt(Instant now) {
    return new StoredBatch(
        id, endpoint, inputFileId, metadata, outputExpiresAfter, plan, now, validation, output);
  }

  private Instant outputAt() {
    if (cancelledAt != null) {
      return endsAt();
    }
    return plan.runsOut() ? plan.expiresAt() : plan.answeredAt();
  }

  /// The states of a batch, as the wire names them.
  public enum Status {
    VALIDATING,
    FAILED,
    IN_PROGRESS,
    FINALIZING,
    COMPLETED,
    EXPIRED,
    CANCELLING,
    CANCELLED;

    public boolean isTerminal() {
      return switch (this) {
        case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
        case FAILED, COMPLETED, EXPIRED, CANCELLED -> true;
      };
    }

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What validation found.
  ///
  /// @param model of all rows; empty if they name none
  public record Validation(int total, String model, List<BatchError> errors) {
    public static Validation failed(BatchError error) {
      return new Validation(0, "", List.of(error));
    }

    public boolean isFailed() {
      return !errors.isEmpty();
    }
  }

  /// The outcome of a batch; once it is recorded, everything in it is billed.
  ///
  /// @param expired not all rows were run before the window closed
  public record Output(
      boolean expired,
      @Nullable String outputFileId,
      @Nullable String errorFileId,
      int completed,
      int failed,
      long inputTokens,
      long outputTokens) {}
}
