package dev.arcticsynth.task;

/// The caller has no task of this name.
public final class NoSuchTaskException extends RuntimeException {
  NoSuchTaskException(String name) {
    super("There is no task '%s'.".formatted(name));
  }
}
