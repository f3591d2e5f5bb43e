package dev.arcticsynth.task;

import java.util.Locale;

/// A caller's verb that does not fit where the task stands.
public final class WrongStateException extends RuntimeException {
  WrongStateException(String task, TaskState state, String verb, String hint) {
    super(
        "Cannot %s task '%s', which is %s: %s."
            .formatted(verb, task, state.name().toLowerCase(Locale.ROOT), hint));
  }
}
