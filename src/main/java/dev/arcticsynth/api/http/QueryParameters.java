package dev.arcticsynth.api.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The query of a call for which a misspelt parameter must not pass in silence.
public final class QueryParameters {

  private static final String METADATA = "metadata.";

  private QueryParameters() {}

  /// Fails with [InvalidRequestException] for a parameter that is not known, stands twice, or says
  /// nothing: the framework takes that for one that was left out, and what a script forgot to fill
  /// in must not come to mean everything.
  public static void requireKnown(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!known.contains(name)) {
        throw unknown(name, known, "");
      }
      if (request.params().getAll(name).size() > 1) {
        throw new InvalidRequestException(name, "duplicate_parameter", name + " stands twice.");
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
        "There is no such parameter; there are %s%s."
            .formatted(String.join(", ", known.stream().sorted().toList()), more));
  }
}
