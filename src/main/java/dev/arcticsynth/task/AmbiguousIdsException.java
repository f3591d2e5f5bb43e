package dev.arcticsynth.task;

/// Some requests have no id and others have ids that look like those we would give them.
public final class AmbiguousIdsException extends RuntimeException {
  AmbiguousIdsException(String task) {
    super(
        "Requests without custom_id are called %s_0, %s_1 …, and some custom_id of this task have the same form: give every request a custom_id, or none of this form."
            .formatted(task, task));
  }
}
