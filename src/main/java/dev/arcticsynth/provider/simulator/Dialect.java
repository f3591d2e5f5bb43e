package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/// Whom a simulator plays: one batch API, two doors.
public enum Dialect {
  OPENAI,
  AZURE;

  /// Where the API begins.
  String base() {
    return switch (this) {
      case OPENAI -> "/v1";
      case AZURE -> "/openai/v1";
    };
  }

  /// Where a client may look for it: at Azure both surfaces, the one whose versions have dates
  /// first.
  List<String> bases() {
    return switch (this) {
      case OPENAI -> List.of("/v1");
      case AZURE -> List.of("/openai", "/openai/v1");
    };
  }

  /// The path of a request as OpenAI has it.
  String path(HttpServerRequest request) {
    return switch (this) {
      case OPENAI -> request.path();
      case AZURE -> AzureWire.path(request);
    };
  }

  void requireKey(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    boolean hasBearer = authorization != null && authorization.matches("Bearer \\S+");
    boolean hasKey = this == AZURE && request.getHeader("api-key") != null;
    if (!hasBearer && !hasKey) {
      throw this == AZURE
          ? WireError.of(401, AzureWire.NO_KEY, "401")
          : WireError.of(401, "You didn't provide an API key.", "invalid_api_key");
    }
  }

  /// The endpoint that a create or a row names, where a batch can have it.
  Optional<Endpoint> endpoint(String path) {
    return switch (this) {
      case OPENAI -> Endpoint.of(path);
      case AZURE -> AzureWire.endpoint(path);
    };
  }

  /// A member of an object in a form; empty where it is not there.
  String field(Upload upload, String object, String member) {
    String inBrackets = upload.field("%s[%s]".formatted(object, member));
    return this == AZURE && inBrackets.isEmpty() ? upload.field(object + "." + member) : inBrackets;
  }

  /// In how many seconds a file may expire at the earliest.
  int leastExpiry() {
    return this == AZURE ? 1_209_600 : 3_600;
  }

  Answer dressed(Call call, HttpServerRequest request, Answer answer) {
    return this == AZURE && answer instanceof Answer.Document(ObjectNode body, _)
        ? AzureWire.dressed(call, AzureWire.isDated(request), body)
        : answer;
  }

  ObjectNode error(WireError error) {
    return this == AZURE ? AzureWire.error(error) : error.body();
  }
}
