package dev.arcticsynth.pipeline.body;

/// A body that stands still, or arrives too slowly.
public final class SlowBodyException extends RuntimeException {
  SlowBodyException() {
    super(
        "The body did not arrive in time (arctic.body.stall, arctic.body.pace). Nothing was stored.");
  }
}
