package dev.arcticsynth.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which results, and in which shape.
///
/// @param messages only the answers' messages instead of the whole output lines
/// @param outcome comma-separated outcomes; all of them when absent
record ResultsWanted(boolean messages, Optional<String> outcome) {

  Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    if (messages) {
      query.put("view", "messages");
    }
    outcome.ifPresent(wanted -> query.put("outcome", wanted));
    return query;
  }
}
