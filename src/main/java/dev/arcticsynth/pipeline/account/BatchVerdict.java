package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.KnownBatchAttempt;
import dev.arcticsynth.task.KnownBatchAttempt.Phase;
import dev.arcticsynth.task.PartitionState;
import java.util.Set;

/// Classifies a batch of ours at a provider by our rows.
enum BatchVerdict {
  /// Its attempt has this batch on record.
  RIGHT,
  /// Its attempt is under way, and the submit protocol will find it.
  UNDECIDED,
  /// Its attempt was lost in a fail-over; the partition waits for it.
  FORGOTTEN,
  /// Its attempt was given up.
  LATE,
  /// Its attempt has another batch.
  DOUBLE,
  /// No row knows it.
  ORPHAN,
  /// It is over, and cost nothing that could be reported.
  OF_NO_CONCERN;

  /// Where an attempt with its file on record may wait for its create.
  private static final Set<PartitionState> WITH_A_FILE =
      Set.of(PartitionState.UPLOADING, PartitionState.PARKED);

  /// @param provider whose list it is in
  /// @param afterFailOver the database may have forgotten attempts
  static BatchVerdict of(
      ListedBatch batch,
      BatchTag batchTag,
      KnownBatchAttempt known,
      String provider,
      boolean afterFailOver) {
    if (known.batchId().filter(batch.id()::equals).isPresent()) {
      return RIGHT;
    }
    if (afterFailOver && isForgotten(batchTag, known, provider)) {
      return FORGOTTEN;
    }
    if (!known.exists()) {
      // A task that is deleted leaves batches that are over.
      return batch.isLive() ? ORPHAN : OF_NO_CONCERN;
    }
    if (known.batchId().isPresent()) {
      return mayHaveCost(batch) ? DOUBLE : OF_NO_CONCERN;
    }
    if (known.is(Phase.INTENT) || known.is(Phase.CREATING)) {
      return UNDECIDED;
    }
    return mayHaveCost(batch) ? LATE : OF_NO_CONCERN;
  }

  /// There is no such attempt, or it had not reached its create.
  private static boolean isForgotten(BatchTag batchTag, KnownBatchAttempt known, String provider) {
    return known
        .owner()
        .filter(owner -> owner.provider().equals(provider))
        .filter(owner ->
            known.exists()
                ? known.is(Phase.INTENT)
                    && WITH_A_FILE.contains(owner.state())
                    && owner.batchAttempt() == batchTag.batchAttempt()
                : owner.batchAttempt() < batchTag.batchAttempt())
        .isPresent();
  }

  /// What was refused as a whole, because its file was gone say, costs nothing.
  private static boolean mayHaveCost(ListedBatch batch) {
    return switch (batch.status()) {
      case BatchStatus.InProgress _, BatchStatus.Unfamiliar _, BatchStatus.Ended _ -> true;
      case BatchStatus.Failed _, BatchStatus.Gone _ -> false;
    };
  }
}
