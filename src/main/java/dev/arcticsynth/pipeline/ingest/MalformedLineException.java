package dev.arcticsynth.pipeline.ingest;

import org.jspecify.annotations.Nullable;

/// A line cannot be a request, and this is why. Has no stack trace: a body may hold millions of
/// such lines.
final class MalformedLineException extends Exception {

  private final @Nullable String pointer;
  private final String code;

  /// @param pointer JSON pointer within the line
  MalformedLineException(@Nullable String pointer, String code, String detail) {
    super(detail, null, false, false);
    this.pointer = pointer;
    this.code = code;
  }

  @Nullable String pointer() {
    return pointer;
  }

  String code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
