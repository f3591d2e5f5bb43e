package dev.arcticsynth.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// What a caller is told of a task that is over: that it is, and where the rest is. No prompts, no
/// answers.
record Ending(String event, byte[] payload) {

  /// The Standard Webhooks' advice is less than 20 kB; metadata in a script of three-byte letters
  /// passes that.
  private static final int MOST_BYTES = 20_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  static Ending of(Task task) {
    String event = "task." + task.state().name().toLowerCase(Locale.ROOT);
    byte[] whole = payload(task, event, true);
    return new Ending(event, whole.length < MOST_BYTES ? whole : payload(task, event, false));
  }

  private static byte[] payload(Task task, String event, boolean withMetadata) {
    String finished = task.finishedAt().orElseThrow().toString();
    ObjectNode message = JSON.createObjectNode().put("type", event).put("timestamp", finished);
    ObjectNode data =
        message
            .putObject("data")
            .put("task", task.name())
            .put("state", task.state().name().toLowerCase(Locale.ROOT));
    data.putObject("counts")
        .put("total", task.requests())
        .put("succeeded", task.succeeded())
        .put("failed", task.failed())
        .put("cancelled", task.cancelled());
    data.put("results_url", "/v1/tasks/" + task.name() + "/results")
        .put("created_at", task.createdAt().toString())
        .put("finished_at", finished);
    if (withMetadata) {
      data.set("metadata", metadata(task));
    }
    return message.toString().getBytes(UTF_8);
  }

  private static JsonNode metadata(Task task) {
    try {
      return JSON.readTree(task.metadata());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("It was checked when the task was made", e);
    }
  }
}
