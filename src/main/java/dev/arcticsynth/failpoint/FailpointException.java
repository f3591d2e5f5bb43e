package dev.arcticsynth.failpoint;

/// What a failpoint with the action `throw` throws.
public final class FailpointException extends RuntimeException {
  FailpointException(String name) {
    super("Thrown on demand at " + name);
  }
}
