package dev.arcticsynth.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/// The query of a call for which a misspelt parameter must not pass in silence.
final class QueryParameters {

  private QueryParameters() {}

  /// Fails with [BadRequest] for a parameter that is not known, stands twice, or says nothing: the
  /// framework takes that for one that was left out, and what a script forgot to fill in must not
  /// come to mean everything.
  static void requireKnown(HttpServerRequest request, Set<String> known) {
    for (String name : request.params().names()) {
      if (!known.contains(name)) {
        throw new BadRequest(
            name,
            "unknown_parameter",
            "There is no such parameter; there are %s."
                .formatted(String.join(", ", known.stream().sorted().toList())));
      }
      if (request.params().getAll(name).size() > 1) {
        throw new BadRequest(name, "duplicate_parameter", name + " stands twice.");
      }
      if (request.params().get(name).isBlank()) {
        throw new BadRequest(name, "empty_parameter", name + " is empty.");
      }
    }
  }
}
