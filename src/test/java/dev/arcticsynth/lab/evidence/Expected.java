package dev.arcticsynth.lab.evidence;

import java.util.List;

/// What a caller was promised: a task whose requests were accepted.
///
/// @param ids of its requests, in order
public record Expected(String task, List<String> ids, Fate fate) {

  /// How its requests end.
  public enum Fate {
    /// Every one is answered.
    ANSWERED,
    /// Every one has an answer or a reason.
    OVER,
    /// The caller had it deleted.
    DELETED
  }
}
