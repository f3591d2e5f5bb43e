package dev.arcticsynth.task;

import io.vertx.mutiny.sqlclient.Row;
import java.util.Optional;

/// What our rows hold of a batch attempt whose tag a provider returned.
///
/// @param phase how far it has come; empty where there is no such attempt
/// @param fileId the file on its record
/// @param batchId the batch on its record
/// @param isCleaned its files were deleted already
/// @param owner its partition; empty where there is none (any more)
public record KnownBatchAttempt(
    Optional<Phase> phase,
    Optional<String> fileId,
    Optional<String> batchId,
    boolean isCleaned,
    Optional<Owner> owner) {

  /// How far a batch attempt has come.
  public enum Phase {
    /// A file of it may be on its way; no create was possible.
    INTENT,
    /// A create may be on its way.
    CREATING,
    /// Its batch exists and is needed.
    CREATED,
    /// Nothing at the provider is needed for it any more.
    OVER
  }

  /// The partition that the attempt is of.
  ///
  /// @param batchAttempt the newest one in our rows
  public record Owner(PartitionState state, int batchAttempt, String provider) {}

  public boolean exists() {
    return phase.isPresent();
  }

  public boolean is(Phase expected) {
    return phase.filter(expected::equals).isPresent();
  }

  static KnownBatchAttempt of(Row row) {
    return new KnownBatchAttempt(
        Optional.ofNullable(row.getString("state")).map(KnownBatchAttempt::phase),
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

  private static Phase phase(String state) {
    return switch (BatchAttempt.State.valueOf(state)) {
      case INTENT -> Phase.INTENT;
      case CREATING -> Phase.CREATING;
      case CREATED -> Phase.CREATED;
      case ABANDONED, FAILED_UNBILLED, DONE -> Phase.OVER;
    };
  }
}
