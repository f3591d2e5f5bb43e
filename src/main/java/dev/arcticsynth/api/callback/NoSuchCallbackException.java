package dev.arcticsynth.api.callback;

/// The task has no callback, or not this delivery of it.
public final class NoSuchCallbackException extends RuntimeException {

  private NoSuchCallbackException(String detail) {
    super(detail);
  }

  static NoSuchCallbackException delivery(String task, String id) {
    return new NoSuchCallbackException("Task '%s' has no delivery '%s'.".formatted(task, id));
  }

  static NoSuchCallbackException callback(String task) {
    return new NoSuchCallbackException(
        "Task '%s' was made without a callback; a callback is set when a task is created."
            .formatted(task));
  }
}
