package dev.arcticsynth.task.audit;

import dev.arcticsynth.task.BatchTag;

/// Something of ours at a provider that is not as our rows say.
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
    /// A batch that the database had forgotten; it is adopted.
    RECALLED_BATCH,
    /// A file that nothing needs.
    ORPHAN_FILE;

    /// Money may have been spent in vain, so a person must hear of it.
    public boolean isAlarm() {
      return switch (this) {
        case LATE_CREATE, DOUBLE_BATCH, ORPHAN_BATCH -> true;
        case RECALLED_BATCH, ORPHAN_FILE -> false;
      };
    }
  }
}
