package dev.arcticsynth.pipeline.decode;

/// A body in a form that is not read, or a damaged one.
public final class UnreadableBodyException extends RuntimeException {

  private final String code;

  UnreadableBodyException(String code, String detail) {
    super(detail);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
