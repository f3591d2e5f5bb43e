package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.StateJson;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pages of a list, with the faults that lists have.
final class Pages {
  private final Faults faults;

  Pages(Faults faults) {
    this.faults = faults;
  }

  /// What is younger than this is not listed now.
  Instant youngest(Operation operation, Instant now) {
    return faults
        .take(Fault.ListLag.class, operation, "")
        .map(lag -> now.minus(lag.by()))
        .orElse(now.plus(Duration.ofDays(365)));
  }

  /// @param found one more than `limit` if there are more pages
  ObjectNode page(Operation operation, List<ObjectNode> found, int limit) {
    List<ObjectNode> entries = found.subList(0, Math.min(limit, found.size()));
    ObjectNode page = StateJson.object().put("object", "list");
    ArrayNode data = page.putArray("data");
    data.addAll(shown(operation, entries));
    page.put("first_id", entries.isEmpty() ? null : entries.getFirst().path("id").asText());
    page.put("last_id", entries.isEmpty() ? null : entries.getLast().path("id").asText());
    return page.put("has_more", found.size() > limit);
  }

  private List<ObjectNode> shown(Operation operation, List<ObjectNode> entries) {
    List<ObjectNode> shown = entries;
    if (faults.take(Fault.DuplicatePage.class, operation, "").isPresent()) {
      shown = shown.stream().flatMap(entry -> List.of(entry, entry).stream()).toList();
    }
    return faults.take(Fault.ReorderedPage.class, operation, "").isPresent()
        ? shown.reversed()
        : shown;
  }

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
      throw ApiError.invalid("limit must be between 1 and %d.".formatted(most), "limit");
    }
  }
}
