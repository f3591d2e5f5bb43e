package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.provider.simulator.server.RequestReader.Upload;
import dev.arcticsynth.provider.simulator.store.ApiError;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/// How a dialect looks on the wire: its paths and keys, its forms, the shape of its answers.
record ApiShape(SimulatedApi dialect) {

  /// Where the API begins.
  String base() {
    return switch (dialect) {
      case OPENAI -> "/v1";
      case AZURE -> "/openai/v1";
    };
  }

  /// Where a client may look for it: at Azure both surfaces, the one whose versions have dates
  /// first.
  List<String> bases() {
    return switch (dialect) {
      case OPENAI -> List.of("/v1");
      case AZURE -> List.of("/openai", "/openai/v1");
    };
  }

  /// The path of a request as OpenAI has it.
  String path(HttpServerRequest request) {
    return switch (dialect) {
      case OPENAI -> request.path();
      case AZURE -> AzureWire.path(request);
    };
  }

  void requireKey(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    boolean hasBearer = authorization != null && authorization.matches("Bearer \\S+");
    boolean hasKey = dialect == SimulatedApi.AZURE && request.getHeader("api-key") != null;
    if (!hasBearer && !hasKey) {
      throw dialect == SimulatedApi.AZURE
          ? ApiError.of(401, AzureWire.NO_KEY, "401")
          : ApiError.of(401, "You didn't provide an API key.", "invalid_api_key");
    }
  }

  /// A member of an object in a form; empty where it is not there.
  String field(Upload upload, String object, String member) {
    String inBrackets = upload.field("%s[%s]".formatted(object, member));
    return dialect == SimulatedApi.AZURE && inBrackets.isEmpty()
        ? upload.field(object + "." + member)
        : inBrackets;
  }

  /// In how many seconds a file may expire at the earliest.
  int leastExpiry() {
    return dialect == SimulatedApi.AZURE ? 1_209_600 : 3_600;
  }

  ApiReply dressed(Operation operation, HttpServerRequest request, ApiReply apiReply) {
    return dialect == SimulatedApi.AZURE
            && apiReply instanceof ApiReply.Document(ObjectNode body, _)
        ? AzureWire.dressed(operation, AzureWire.isDated(request), body)
        : apiReply;
  }

  ObjectNode error(ApiError error) {
    return dialect == SimulatedApi.AZURE ? AzureWire.error(error) : error.body();
  }
}
