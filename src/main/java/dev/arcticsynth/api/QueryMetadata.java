package dev.arcticsynth.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/// A task's metadata where it is made by an NDJSON call: query parameters
/// `metadata.<name>=<value>`.
final class QueryMetadata {

  private static final String PREFIX = "metadata.";

  private QueryMetadata() {}

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
