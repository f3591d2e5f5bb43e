package dev.arcticsynth.task;

import java.util.List;
import java.util.Locale;

/// A call that conflicts with the existing tasks; nothing was changed.
public abstract sealed class TaskException extends RuntimeException {

  private TaskException(String message) {
    super(message);
  }

  /// The caller has no task of this name.
  public static final class NoSuchTaskException extends TaskException {
    NoSuchTaskException(String name) {
      super("There is no task '%s'.".formatted(name));
    }
  }

  /// The caller has a task of this name already.
  public static final class TaskExistsException extends TaskException {
    TaskExistsException(String name) {
      super(
          "There is a task '%s' already: choose another name, or delete that one when it is over."
              .formatted(name));
    }
  }

  /// An action that the task's state does not allow.
  public static final class WrongStateException extends TaskException {
    WrongStateException(String task, TaskState state, String action, String hint) {
      super(
          "Cannot %s task '%s', which is %s: %s."
              .formatted(action, task, state.name().toLowerCase(Locale.ROOT), hint));
    }
  }

  /// Batches of another client's that cannot be taken over; nothing was changed, nothing is paid.
  public static final class AdoptionRefusedException extends TaskException {
    public AdoptionRefusedException(String why) {
      super(why + " Nothing was changed.");
    }
  }

  /// Some requests have no id and others have ids that look like those we would give them.
  public static final class AmbiguousIdsException extends TaskException {
    AmbiguousIdsException(String task) {
      super(
          "Requests without custom_id are called %s_0, %s_1 …, and some custom_id of this task have the same form: give every request a custom_id, or none of this form."
              .formatted(task, task));
    }
  }

  /// Ids that seem to be repeated in a task; the stored lines have the places.
  public static final class RepeatedIdsException extends TaskException {
    private final List<Long> hashes;

    public RepeatedIdsException(List<Long> hashes) {
      super("Some custom_id is repeated.");
      this.hashes = List.copyOf(hashes);
    }

    public List<Long> hashes() {
      return hashes;
    }
  }
}
