package dev.arcticsynth.failpoint;

/// What a failpoint throws that was told to.
public final class FailpointException extends RuntimeException {
  FailpointException(String name) {
    super("Thrown on demand at " + name);
  }
}
