package dev.arcticsynth.task;

import static dev.arcticsynth.task.sql.SessionStatements.execute;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.task.NewTask.NewCallback;
import io.smallrye.mutiny.Uni;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// Webhook deliveries of tasks, written in the caller's transaction: the end of a task and its
/// delivery are committed together. `callback` reads and sends them.
final class Outbox {

  private static final String REGISTER =
      "INSERT INTO callback (id, task_id, url, host) VALUES (:task, :task, :url, :host)";
  private static final String KEEP_SECRET =
      """
      INSERT INTO callback_secret (callback_id, n, sealed) VALUES (:task, 0, :sealed)\
      """;
  private static final String OWE =
      """
      INSERT INTO delivery (id, callback_id, ending, event, url, host, payload, state, created_at, due_at)
      SELECT :id, id, :ending, :event, url, host, :payload, 'PENDING', :at, :at
        FROM callback WHERE id = :task
      ON CONFLICT (callback_id, ending) DO NOTHING\
      """;
  // Pending deliveries are sent though the task is deleted: it did end.
  private static final String FORGET =
      """
      DELETE FROM callback c WHERE c.id = :task
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.callback_id = c.id AND d.state = 'PENDING')\
      """;

  private Outbox() {}

  /// For a task that is inserted already.
  static Uni<Void> register(NewCallback callback) {
    UUID task = callback.taskId();
    return execute(REGISTER, Map.of("task", task, "url", callback.url(), "host", callback.host()))
        .chain(() ->
            callback
                .sealedSecret()
                .map(sealed -> execute(KEEP_SECRET, Map.of("task", task, "sealed", sealed)))
                .orElseGet(() -> Uni.createFrom().item(0)))
        .replaceWithVoid();
  }

  /// To be called by every transaction that may have ended a task; idempotent.
  static Uni<Void> settle(Task task) {
    return task.state().isTerminal()
        ? owe(task, CompletionEvent.of(task)).replaceWithVoid()
        : Uni.createFrom().voidItem();
  }

  private static Uni<Integer> owe(Task task, CompletionEvent ending) {
    return execute(
        OWE,
        Map.of(
            "id",
            UUID.randomUUID(),
            "task",
            task.id(),
            "ending",
            task.endings(),
            "event",
            ending.event(),
            "payload",
            ending.payload(),
            "at",
            task.finishedAt().orElseThrow()));
  }

  /// For a task that is about to be deleted, whose row is locked.
  static Uni<Void> forget(Task task) {
    return execute("UPDATE callback SET task_id = NULL WHERE id = :task", Map.of("task", task.id()))
        .chain(() -> execute(FORGET, Map.of("task", task.id())))
        .replaceWithVoid();
  }

  /// The payload for a task that is over: its state, and the url of the rest. No prompts, no
  /// answers.
  record CompletionEvent(String event, byte[] payload) {

    /// The Standard Webhooks' advice is less than 20 kB; metadata in a script of three-byte letters
    /// passes that.
    private static final int MOST_BYTES = 20_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    static CompletionEvent of(Task task) {
      String event = "task." + task.state().name().toLowerCase(Locale.ROOT);
      byte[] whole = payload(task, event, true);
      return new CompletionEvent(
          event, whole.length < MOST_BYTES ? whole : payload(task, event, false));
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
}
