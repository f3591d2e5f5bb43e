package dev.arcticsynth.pipeline;

/// A body longer than this service takes in one call.
public final class TooLargeException extends RuntimeException {
  public TooLargeException(long maxBytes) {
    super(
        "The body is longer than %,d bytes. Split it over several calls of POST /v1/tasks/{name}/requests."
            .formatted(maxBytes));
  }
}
