package dev.arcticsynth.pipeline;

import org.jspecify.annotations.Nullable;

/// Why a line of a caller's body cannot be a request.
///
/// @param line 1-based
/// @param pointer JSON pointer within the line
public record LineProblem(long line, @Nullable String pointer, String code, String detail) {
  LineProblem onLine(long other) {
    return new LineProblem(other, pointer, code, detail);
  }
}
