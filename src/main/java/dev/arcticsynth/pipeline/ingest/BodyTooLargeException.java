package dev.arcticsynth.pipeline.ingest;

/// A body longer than this service takes in one call.
public final class BodyTooLargeException extends RuntimeException {
  public BodyTooLargeException(long maxBytes) {
    super(
        "The body is longer than %,d bytes. Split it over several calls of POST /v1/tasks/{name}/requests."
            .formatted(maxBytes));
  }
}
