package dev.arcticsynth.task.audit;

import dev.arcticsynth.task.BatchTag;

/// A mismatch between a provider's list and our rows.
public record AuditFinding(
    String provider, Kind kind, String remoteId, BatchTag tag, String detail) {

  /// What is wrong.
  public enum Kind {
    /// A batch of an attempt that was given up because it could have none.
    LATE_CREATE,
    /// A second batch of an attempt.
    DOUBLE_BATCH,
    /// A batch of an attempt that we do not know.
    ORPHAN_BATCH,
    /// A batch that the database had lost in a fail-over; it is adopted.
    RECALLED_BATCH,
    /// A file that nothing needs.
    ORPHAN_FILE;

    /// Money may have been wasted, so it is reported to an operator.
    public boolean isAlarm() {
      return switch (this) {
        case LATE_CREATE, DOUBLE_BATCH, ORPHAN_BATCH -> true;
        case RECALLED_BATCH, ORPHAN_FILE -> false;
      };
    }
  }
}
