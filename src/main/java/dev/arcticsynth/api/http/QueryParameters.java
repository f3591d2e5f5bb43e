package dev.arcticsynth.api.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The query of a call; a misspelt parameter is an error.
public final class QueryParameters {

  private static final String METADATA = "metadata.";

  private QueryParameters() {}

  /// Fails with [InvalidRequestException] for a parameter that is unknown, repeated or empty: the
  /// framework treats an empty one as absent, and a variable that a script forgot to set must not
  /// select everything.
  public static void requireKnown(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!known.contains(name)) {
        throw unknown(name, known, "");
      }
      if (request.params().getAll(name).size() > 1) {
        throw new InvalidRequestException(name, "duplicate_parameter", name + " is repeated.");
      }
      if (request.params().get(name).isBlank()) {
        throw new InvalidRequestException(name, "empty_parameter", name + " is empty.");
      }
    }
  }

  /// Fails with [InvalidRequestException] for a parameter that is neither known nor metadata.
  public static void requireKnownOrMetadata(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!name.startsWith(METADATA) && !known.contains(name)) {
        throw unknown(name, known, " and metadata.<name>");
      }
    }
  }

  /// A task's metadata where it is made by an NDJSON call: parameters `metadata.<name>=<value>`.
  public static Map<String, String> metadata(HttpServerRequest request) {
    var metadata = new LinkedHashMap<String, String>();
    for (var parameter : request.params()) {
      if (parameter.getKey().startsWith(METADATA)) {
        metadata.put(parameter.getKey().substring(METADATA.length()), parameter.getValue());
      }
    }
    return metadata;
  }

  private static InvalidRequestException unknown(String name, Set<String> known, String more) {
    return new InvalidRequestException(
        name,
        "unknown_parameter",
        "Unknown parameter; known are %s%s."
            .formatted(String.join(", ", known.stream().sorted().toList()), more));
  }
}
