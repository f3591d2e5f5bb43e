package dev.arcticsynth.lab;

import java.util.List;

/// What a caller was promised: a task whose requests were accepted.
///
/// @param ids of its requests, in order
record Expected(String task, List<String> ids, Fate fate) {

  /// How its requests end.
  enum Fate {
    /// Every one is answered.
    ANSWERED,
    /// Every one has an answer or a reason.
    OVER,
    /// The caller had it deleted.
    FORGOTTEN
  }
}
