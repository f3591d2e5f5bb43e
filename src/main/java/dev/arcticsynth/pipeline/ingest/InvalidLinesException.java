package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.decode.UnreadableBodyException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some lines of a body cannot be requests; nothing of the body was kept.
public final class InvalidLinesException extends RuntimeException {

  /// So many are listed; the rest is counted.
  static final int MAX_LISTED = 100;

  private final List<LineProblem> problems;
  private final long total;

  /// Why one line cannot be a request.
  ///
  /// @param line 1-based
  /// @param pointer JSON pointer within the line
  public record LineProblem(long line, @Nullable String pointer, String code, String detail) {

    LineProblem onLine(long other) {
      return new LineProblem(other, pointer, code, detail);
    }
  }

  InvalidLinesException(List<LineProblem> problems, long total) {
    super(
        "%d %s cannot be a request; nothing was stored."
            .formatted(total, total == 1 ? "line" : "lines"));
    this.problems = List.copyOf(problems);
    this.total = total;
  }

  /// Nothing can be read from the first line on.
  static InvalidLinesException of(UnreadableBodyException e) {
    return new InvalidLinesException(
        List.of(new LineProblem(1, null, e.code(), String.valueOf(e.getMessage()))), 1);
  }

  public List<LineProblem> problems() {
    return problems;
  }

  public long total() {
    return total;
  }
}
