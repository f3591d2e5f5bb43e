package dev.arcticsynth.task;

/// The states of a partition (`docs/RELIABILITY.md#partition-states`); the database holds the same
/// table of moves.
public enum PartitionState {
  /// Cut and waiting for a batch attempt. Split and RepairPacker create rows here, an attempt that
  /// provably has no batch brings them back; Submit moves them on.
  READY,
  /// A batch attempt is recorded and its file is being uploaded, or is uploaded and waits: for its
  /// caller, or after a create call that was refused. We have created no batch; one that another
  /// client has created of the file is adopted.
  UPLOADING,
  /// The file's id is on record and the create call may have been sent. A process that finds a row
  /// here without having sent the call itself must reconcile.
  CREATING,
  /// Unknown whether the batch exists. Reconcile adopts it, or fences the file, waits and searches
  /// again. The scan after a fail-over puts rows here whose batch the database has lost.
  RECONCILING,
  /// The provider has the batch. Poll moves it on.
  SUBMITTED,
  /// The provider was asked to stop; what it answered until then is still fetched.
  CANCELLING,
  /// The batch is over. Download fetches what was answered, however it ended.
  ENDED,
  /// Every request of it has an answer, an error, or waits for another partition.
  DOWNLOADED,
  /// Key, quota or setting at fault: waits for an operator, and is retried at intervals.
  PARKED,
  /// Refused as a whole, nothing billed; `last_error` is the fate of its requests. Or its answers
  /// cannot be used: these stay at the provider, and the caller's `retry` has them read again.
  FAILED,
  /// Never answered, because the caller cancelled.
  CANCELLED;

  public boolean isTerminal() {
    return switch (this) {
      case READY, UPLOADING, CREATING, RECONCILING, SUBMITTED, CANCELLING, ENDED, PARKED -> false;
      case DOWNLOADED, FAILED, CANCELLED -> true;
    };
  }

  /// Its tokens may be enqueued at the provider.
  boolean isInFlight() {
    return switch (this) {
      case UPLOADING, CREATING, RECONCILING, SUBMITTED, CANCELLING -> true;
      case READY, ENDED, PARKED, DOWNLOADED, FAILED, CANCELLED -> false;
    };
  }

  public boolean canBecome(PartitionState next) {
    return switch (this) {
      case READY ->
          next == UPLOADING
              || next == RECONCILING
              || next == PARKED
              || next == FAILED
              || next == CANCELLED;
      case UPLOADING ->
          next == CREATING
              || next == SUBMITTED
              || next == RECONCILING
              || next == READY
              || next == PARKED
              || next == FAILED
              || next == CANCELLED;
      case CREATING ->
          next == SUBMITTED
              || next == RECONCILING
              || next == READY
              || next == UPLOADING
              || next == PARKED
              || next == FAILED;
      case RECONCILING -> next == SUBMITTED || next == READY;
      case SUBMITTED ->
          next == ENDED
              || next == CANCELLING
              || next == RECONCILING
              || next == READY
              || next == PARKED
              || next == FAILED
              || next == CANCELLED;
      case CANCELLING -> next == ENDED || next == CANCELLED || next == FAILED;
      case ENDED -> next == DOWNLOADED || next == FAILED;
      case PARKED ->
          next == READY
              || next == UPLOADING
              || next == RECONCILING
              || next == FAILED
              || next == CANCELLED;
      case FAILED -> next == ENDED || next == SUBMITTED;
      case DOWNLOADED, CANCELLED -> false;
    };
  }
}
