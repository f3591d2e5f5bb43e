package dev.arcticsynth.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The query of a call for which a misspelt parameter must not pass in silence.
final class QueryParameters {

  private static final String METADATA = "metadata.";

  private QueryParameters() {}

  /// Fails with [BadRequest] for a parameter that is not known, stands twice, or says nothing: the
  /// framework takes that for one that was left out, and what a script forgot to fill in must not
  /// come to mean everything.
  static void requireKnown(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!known.contains(name)) {
        throw unknown(name, known, "");
      }
      if (request.params().getAll(name).size() > 1) {
        throw new BadRequest(name, "duplicate_parameter", name + " stands twice.");
      }
      if (request.params().get(name).isBlank()) {
        throw new BadRequest(name, "empty_parameter", name + " is empty.");
      }
    }
  }

  /// Fails with [BadRequest] for a parameter that is neither known nor metadata.
  static void requireKnownOrMetadata(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!name.startsWith(METADATA) && !known.contains(name)) {
        throw unknown(name, known, " and metadata.<name>");
      }
    }
  }

  /// A task's metadata where it is made by an NDJSON call: parameters `metadata.<name>=<value>`.
  static Map<String, String> metadata(HttpServerRequest request) {
    var metadata = new LinkedHashMap<String, String>();
    for (var parameter : request.params()) {
      if (parameter.getKey().startsWith(METADATA)) {
        metadata.put(parameter.getKey().substring(METADATA.length()), parameter.getValue());
      }
    }
    return metadata;
  }

  private static BadRequest unknown(String name, Set<String> known, String more) {
    return new BadRequest(
        name,
        "unknown_parameter",
        "There is no such parameter; there are %s%s."
            .formatted(String.join(", ", known.stream().sorted().toList()), more));
  }
}
