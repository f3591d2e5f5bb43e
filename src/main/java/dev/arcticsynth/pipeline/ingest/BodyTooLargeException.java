package dev.arcticsynth.pipeline.ingest;

/// A body longer than this service takes in one call.
public final class BodyTooLargeException extends RuntimeException {

  private static final String ADVICE =
      " Split it over several calls of POST /v1/tasks/{name}/requests.";

  public BodyTooLargeException(long maxBytes) {
    this("The body is longer than %,d bytes.".formatted(maxBytes));
  }

  private BodyTooLargeException(String what) {
    super(what + ADVICE);
  }

  static BodyTooLargeException withDefaults(long maxBytes) {
    return new BodyTooLargeException(
        "With the task's defaults in each request the body is longer than %,d bytes (arctic.ingest.max-bytes)."
            .formatted(maxBytes));
  }
}
