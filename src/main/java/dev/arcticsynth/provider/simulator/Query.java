package dev.arcticsynth.provider.simulator;

import io.vertx.core.MultiMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parameters of a list.
record Query(Optional<String> purpose, String after, boolean newestFirst, int limit) {
  static Query of(MultiMap params, int usual, int most) {
    return new Query(
        Optional.ofNullable(params.get("purpose")),
        Optional.ofNullable(params.get("after")).orElse(""),
        !"asc".equals(params.get("order")),
        limit(params.get("limit"), usual, most));
  }

  private static int limit(@Nullable String text, int usual, int most) {
    try {
      int limit = text == null ? usual : Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException _) {
      // Told below, as for a number out of range.
    }
    throw WireError.invalid("limit must be between 1 and %d.".formatted(most), "limit");
  }
}
