package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.StateJson;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The differences of Azure OpenAI: paths, versions, and the format of answers, from its
/// documentation and from bug reports.
final class AzureWire {

  /// Its batches run on after their window until they are cancelled.
  static final Duration FOR_EVER = Duration.ofDays(3_650);

  static final int MAX_REQUESTS = 100_000;

  static final String NO_KEY =
      "Access denied due to invalid subscription key or wrong API endpoint.";

  /// It says when a batch would expire, if it did.
  private static final long WINDOW_SECONDS = Duration.ofHours(24).toSeconds();

  private static final Set<String> VERSIONS =
      Set.of("2024-10-21", "2024-10-01-preview", "2025-03-01-preview", "2025-04-01-preview");

  private AzureWire() {}

  /// Which surface a request is for: the one whose versions have dates, or `v1`.
  static boolean isDated(HttpServerRequest request) {
    return !request.path().startsWith("/openai/v1/");
  }

  static String path(HttpServerRequest request) {
    String version = request.getParam("api-version");
    // What v1 makes of a version is not written down, but for `preview`.
    boolean isKnown = !isDated(request) || version != null && VERSIONS.contains(version);
    if (!request.path().startsWith("/openai/") || !isKnown) {
      throw ApiError.of(404, "Resource not found", "404");
    }
    return request.path().replaceFirst("^/openai(/v1)?/", "/v1/");
  }

  static ApiReply dressed(Operation operation, boolean isDated, ObjectNode body) {
    boolean isNew = isDated && (operation == Operation.UPLOAD || operation == Operation.CREATE);
    return new ApiReply.Document(
        switch (operation) {
          case CREATE, RETRIEVE, CANCEL -> batch(body);
          case LIST_BATCHES, LIST_FILES -> list(body, isDated);
          case UPLOAD, RETRIEVE_FILE, DELETE, CONTENT, WORK -> body;
        },
        isNew ? 201 : 200);
  }

  static ObjectNode error(ApiError error) {
    ObjectNode body = StateJson.object();
    String code = error.code();
    body.putObject("error")
        .put("code", code == null ? Integer.toString(error.status()) : code)
        .put("message", error.getMessage());
    return body;
  }

  private static ObjectNode list(ObjectNode list, boolean isDated) {
    list.withArray("data")
        .forEach(entry -> {
          if (entry instanceof ObjectNode item && item.path("object").asText().equals("batch")) {
            ObjectNode _ = batch(item);
          }
        });
    return isDated ? list.without(List.of("has_more", "first_id", "last_id")) : list;
  }

  private static ObjectNode batch(ObjectNode batch) {
    List.of("output_file_id", "error_file_id")
        .forEach(id -> {
          if (batch.path(id).isNull()) {
            ObjectNode _ = batch.put(id, "");
          }
        });
    if (batch.path("request_counts").path("total").asInt() == 0) {
      batch.putObject("request_counts").putNull("total").putNull("completed").putNull("failed");
    }
    for (JsonNode error : batch.path("errors").path("data")) {
      if (error instanceof ObjectNode known && known.path("line").isInt()) {
        ObjectNode _ = known.put("line", known.path("line").asText());
      }
    }
    batch.put("expires_at", batch.path("created_at").asLong() + WINDOW_SECONDS);
    return batch.putNull("input_blob").putNull("output_blob").putNull("error_blob");
  }
}
