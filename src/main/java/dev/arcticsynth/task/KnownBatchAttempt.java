package dev.arcticsynth.task;

import io.vertx.mutiny.sqlclient.Row;
import java.util.Optional;

/// What our rows say of an attempt that a provider names.
///
/// @param stands the attempt's own state; empty where there is no such attempt
/// @param fileId the file on its record
/// @param batchId the batch on its record
/// @param isCleaned its files were deleted already
/// @param holder its partition; empty where there is none (any more)
public record KnownBatchAttempt(
    Optional<Phase> stands,
    Optional<String> fileId,
    Optional<String> batchId,
    boolean isCleaned,
    Optional<Owner> holder) {

  /// How far an attempt has come.
  public enum Phase {
    /// A file of it may be on its way; no create was possible.
    INTENT,
    /// A create may be on its way.
    CREATING,
    /// It has its batch, and needs it.
    CREATED,
    /// It needs nothing of the provider any more.
    OVER
  }

  /// The partition that the attempt is of.
  ///
  /// @param attempt the newest that we know of
  public record Owner(PartitionState state, int attempt, String provider) {}

  public boolean exists() {
    return stands.isPresent();
  }

  public boolean is(Phase standing) {
    return stands.filter(standing::equals).isPresent();
  }

  static KnownBatchAttempt of(Row row) {
    return new KnownBatchAttempt(
        Optional.ofNullable(row.getString("state")).map(KnownBatchAttempt::standing),
        Optional.ofNullable(row.getString("remote_file_id")),
        Optional.ofNullable(row.getString("remote_batch_id")),
        Boolean.TRUE.equals(row.getBoolean("cleaned")),
        Optional.ofNullable(row.getString("partition_state"))
            .map(state ->
                new Owner(
                    PartitionState.valueOf(state),
                    row.getInteger("attempt"),
                    row.getString("provider"))));
  }

  private static Phase standing(String state) {
    return switch (BatchAttempt.State.valueOf(state)) {
      case INTENT -> Phase.INTENT;
      case CREATING -> Phase.CREATING;
      case CREATED -> Phase.CREATED;
      case ABANDONED, FAILED_UNBILLED, DONE -> Phase.OVER;
    };
  }
}
