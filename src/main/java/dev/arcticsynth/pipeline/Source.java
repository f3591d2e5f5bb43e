package dev.arcticsynth.pipeline;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;

/// Result lines that are not in memory yet.
///
/// @param first no line of it has a lower sequence number
record Source(long first, Supplier<Uni<Loaded>> load) {

  /// @param next where it goes on, if it does
  record Loaded(Cursor cursor, Optional<Source> next) {}
}
