package dev.arcticsynth.task;

/// The caller has a task of this name already.
public final class TaskExistsException extends RuntimeException {
  TaskExistsException(String name) {
    super(
        "There is a task '%s' already: choose another name, or delete that one when it is over."
            .formatted(name));
  }
}
