package dev.arcticsynth.cli.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which results, and in which shape.
///
/// @param messages only the answers' messages instead of the whole output lines
/// @param outcome comma-separated outcomes; all of them when absent
/// @param partition only of this partition, by its ordinal
public record ResultsSelection(
    boolean messages, Optional<String> outcome, Optional<Integer> partition) {

  public ResultsSelection(boolean messages, Optional<String> outcome) {
    this(messages, outcome, Optional.empty());
  }

  public static ResultsSelection of(int partition) {
    return new ResultsSelection(false, Optional.empty(), Optional.of(partition));
  }

  Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    if (messages) {
      query.put("view", "messages");
    }
    outcome.ifPresent(wanted -> query.put("outcome", wanted));
    partition.ifPresent(ordinal -> query.put("partition", ordinal.toString()));
    return query;
  }
}
