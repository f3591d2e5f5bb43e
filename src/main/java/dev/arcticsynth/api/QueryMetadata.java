package dev.arcticsynth.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A task's metadata where it is made by an NDJSON call: query parameters
/// `metadata.<name>=<value>`.
final class QueryMetadata {

  private static final String PREFIX = "metadata.";

  private QueryMetadata() {}

  /// Fails with [BadRequest] for a parameter that is neither known nor metadata: a misspelt one
  /// must not pass in silence.
  static void requireKnown(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!name.startsWith(PREFIX) && !known.contains(name)) {
        throw new BadRequest(
            name,
            "unknown_parameter",
            "There is no such parameter; there are %s and metadata.<name>."
                .formatted(String.join(", ", known.stream().sorted().toList())));
      }
    }
  }

  static Map<String, String> of(HttpServerRequest request) {
    var metadata = new LinkedHashMap<String, String>();
    for (var parameter : request.params()) {
      if (parameter.getKey().startsWith(PREFIX)) {
        metadata.put(parameter.getKey().substring(PREFIX.length()), parameter.getValue());
      }
    }
    return metadata;
  }
}
