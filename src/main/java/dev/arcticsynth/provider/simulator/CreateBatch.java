package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a create asks for, once it is known to be well-formed.
record CreateBatch(
    String inputFileId,
    String endpoint,
    @Nullable Map<String, String> metadata,
    @Nullable Long outputExpiresAfter) {

  static CreateBatch of(JsonNode body, Dialect dialect) {
    String inputFileId = required(body, "input_file_id");
    String endpoint = required(body, "endpoint");
    if (dialect.endpoint(endpoint).isEmpty()) {
      throw WireError.invalid("'%s' is not a supported endpoint".formatted(endpoint), "endpoint");
    }
    if (!required(body, "completion_window").equals("24h")) {
      throw WireError.invalid("The only supported completion window is 24h", "completion_window");
    }
    if (!Ids.isWellFormed(inputFileId)) {
      throw WireError.invalid("Invalid file id", "input_file_id");
    }
    return new CreateBatch(
        inputFileId, endpoint, metadata(body.path("metadata")), outputExpiresAfter(body));
  }

  private static String required(JsonNode body, String name) {
    if (!body.path(name).isTextual()) {
      throw WireError.invalid("Missing required parameter: '%s'.".formatted(name), name);
    }
    return body.path(name).asText();
  }

  private static @Nullable Map<String, String> metadata(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    if (!given.isObject() || given.size() > 16) {
      throw WireError.invalid("metadata must be an object of 16 pairs at most", "metadata");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (var pair : given.properties()) {
      if (!pair.getValue().isTextual()
          || pair.getKey().length() > 64
          || pair.getValue().asText().length() > 512) {
        throw WireError.invalid(
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
      throw WireError.invalid(
          "output_expires_after needs the anchor created_at and 3600 to 2592000 seconds",
          "output_expires_after");
    }
    return seconds;
  }
}
