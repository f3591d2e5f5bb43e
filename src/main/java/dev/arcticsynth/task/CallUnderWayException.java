package dev.arcticsynth.task;

/// The same call is being done for somebody else, most likely an earlier try of the same caller.
public final class CallUnderWayException extends RuntimeException {
  public CallUnderWayException() {
    super(
        "A call with this Idempotency-Key is being done; send it again in a moment to get its answer.");
  }
}
