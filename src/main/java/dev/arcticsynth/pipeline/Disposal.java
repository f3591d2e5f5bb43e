package dev.arcticsynth.pipeline;

/// What became of a file that was to be deleted.
///
/// @param detail why it is still there; empty where it is not
public record Disposal(String fileId, Fate fate, String detail) {

  /// Whether it is there still.
  public enum Fate {
    /// It is gone, since this call or already.
    DELETED,
    /// Something needs it.
    IN_USE,
    /// It is not one of those that were asked for: not ours, too young, not of batches.
    KEPT,
    /// The provider did not do it, or nobody knows whether it did.
    FAILED,
    /// The provider failed with others before.
    NOT_TRIED
  }
}
