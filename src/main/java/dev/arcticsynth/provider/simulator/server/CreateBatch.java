package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.Ids;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a create asks for, once it is known to be well-formed.
record CreateBatch(
    String inputFileId,
    String endpoint,
    @Nullable Map<String, String> metadata,
    @Nullable Long outputExpiresAfter) {

  static CreateBatch of(JsonNode body, SimulatedApi simulatedApi) {
    String inputFileId = required(body, "input_file_id");
    String endpoint = required(body, "endpoint");
    if (simulatedApi.endpoint(endpoint).isEmpty()) {
      throw ApiError.invalid("'%s' is not a supported endpoint".formatted(endpoint), "endpoint");
    }
    if (!required(body, "completion_window").equals("24h")) {
      throw ApiError.invalid("The only supported completion window is 24h", "completion_window");
    }
    if (!Ids.isWellFormed(inputFileId)) {
      throw ApiError.invalid("Invalid file id", "input_file_id");
    }
    return new CreateBatch(
        inputFileId, endpoint, metadata(body.path("metadata")), outputExpiresAfter(body));
  }

  private static String required(JsonNode body, String name) {
    if (!body.path(name).isTextual()) {
      throw ApiError.invalid("Missing required parameter: '%s'.".formatted(name), name);
    }
    return body.path(name).asText();
  }

  private static @Nullable Map<String, String> metadata(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    if (!given.isObject() || given.size() > 16) {
      throw ApiError.invalid("metadata must be an object of 16 pairs at most", "metadata");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (var pair : given.properties()) {
      if (!pair.getValue().isTextual()
          || pair.getKey().length() > 64
          || pair.getValue().asText().length() > 512) {
        throw ApiError.invalid(
            "metadata keys have 64 characters at most, values are strings of 512 at most",
            "metadata." + pair.getKey());
      }
      metadata.put(pair.getKey(), pair.getValue().asText());
    }
    return metadata;
  }

  private static @Nullable Long outputExpiresAfter(JsonNode body) {
    JsonNode given = body.path("output_expires_after");
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    long seconds = given.path("seconds").asLong();
    if (!given.path("anchor").asText().equals("created_at")
        || seconds < 3600
        || seconds > 2_592_000) {
      throw ApiError.invalid(
          "output_expires_after needs the anchor created_at and 3600 to 2592000 seconds",
          "output_expires_after");
    }
    return seconds;
  }
}
