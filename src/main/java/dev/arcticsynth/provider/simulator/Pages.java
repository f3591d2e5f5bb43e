package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Pages of a list, with the faults that lists have.
final class Pages {
  private final Faults faults;

  Pages(Faults faults) {
    this.faults = faults;
  }

  /// What is younger than this is not listed now.
  Instant youngest(Call call, Instant now) {
    return faults
        .take(Fault.ListLag.class, call, "")
        .map(lag -> now.minus(lag.by()))
        .orElse(now.plus(Duration.ofDays(365)));
  }

  /// @param found one more than `limit` if there are more pages
  ObjectNode page(Call call, List<ObjectNode> found, int limit) {
    List<ObjectNode> entries = found.subList(0, Math.min(limit, found.size()));
    ObjectNode page = Json.object().put("object", "list");
    ArrayNode data = page.putArray("data");
    data.addAll(shown(call, entries));
    page.put("first_id", entries.isEmpty() ? null : entries.getFirst().path("id").asText());
    page.put("last_id", entries.isEmpty() ? null : entries.getLast().path("id").asText());
    return page.put("has_more", found.size() > limit);
  }

  private List<ObjectNode> shown(Call call, List<ObjectNode> entries) {
    List<ObjectNode> shown = entries;
    if (faults.take(Fault.DuplicatePage.class, call, "").isPresent()) {
      shown = shown.stream().flatMap(entry -> List.of(entry, entry).stream()).toList();
    }
    return faults.take(Fault.ReorderedPage.class, call, "").isPresent() ? shown.reversed() : shown;
  }
}
