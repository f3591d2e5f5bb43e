package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.task.payload.RequestOutcome;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/// Which results a caller wants, and how.
///
/// @param from the first sequence number, counted from 0
/// @param partition only what this partition was answered, by its ordinal
public record ResultsQuery(View view, Set<Kind> kinds, long from, OptionalInt partition) {

  public ResultsQuery(View view, Set<Kind> kinds, long from) {
    this(view, kinds, from, OptionalInt.empty());
  }

  /// How a line looks.
  public enum View {
    /// The OpenAI output line.
    OUTPUT,
    /// Id and messages only.
    MESSAGES
  }

  /// What became of a request.
  public enum Kind {
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  public ResultsQuery {
    kinds = kinds.isEmpty() ? EnumSet.allOf(Kind.class) : EnumSet.copyOf(kinds);
  }

  boolean wants(RequestOutcome.State state) {
    return switch (state) {
      case FAILED -> kinds.contains(Kind.FAILED);
      case CANCELLED -> kinds.contains(Kind.CANCELLED);
      case WAITING, RETRYING -> false;
    };
  }
}
