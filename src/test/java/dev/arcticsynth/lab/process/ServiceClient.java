package dev.arcticsynth.lab.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A caller that does not give up: asks another replica when one dies or keeps silent, and knows
/// which answers then mean that the first call arrived after all.
public final class ServiceClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ONE_CALL = Duration.ofSeconds(6);
  private static final String NDJSON = "application/x-ndjson";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private final Supplier<List<URI>> doors;
  private int next;

  public ServiceClient(Supplier<List<URI>> doors) {
    this.doors = doors;
  }

  /// A task and its requests in one call.
  ///
  /// @param callback the URL to call; empty for none
  public void submit(String task, List<String> lines, int batchSize, String callback) {
    done(
        call("POST", submission(task, batchSize, callback), NDJSON, body(lines)),
        Set.of(202),
        Set.of(409));
  }

  /// The same with a key: repeated until it is answered as if it had been sent once.
  public void submitOnce(
      String key, String task, List<String> lines, int batchSize, String callback) {
    String path = submission(task, batchSize, callback);
    Polling.until(
        () -> "an answer to key " + key,
        () -> {
          int status = call("POST", path, NDJSON, body(lines), key).reply().statusCode();
          if (status != 202 && status != 409) {
            throw new IllegalStateException(path + " answered " + status);
          }
          return status == 202;
        });
  }

  /// The same with a deadline.
  public void submitUntil(
      String deadline, String task, List<String> lines, int batchSize, String callback) {
    String path = submission(task, batchSize, callback) + "&deadline=" + deadline;
    done(call("POST", path, NDJSON, body(lines)), Set.of(202), Set.of(409));
  }

  private static String submission(String task, int batchSize, String callback) {
    return "/v1/tasks?name=%s&batch_size=%d&provider=sim".formatted(task, batchSize)
        + (callback.isEmpty() ? "" : "&callback_url=" + URLEncoder.encode(callback, UTF_8));
  }

  /// A task alone, which waits for requests.
  ///
  /// @param callback the URL to call; empty for none
  public void create(String task, int batchSize, String callback) {
    String wish =
        "{\"name\":\"%s\",\"batch_size\":%d,\"provider\":\"sim\",\"auto\":false%s}"
            .formatted(
                task,
                batchSize,
                callback.isEmpty() ? "" : ",\"callback\":{\"url\":\"" + callback + "\"}");
    done(call("POST", "/v1/tasks", "application/json", wish), Set.of(201), Set.of(409));
  }

  public void append(String task, List<String> lines) {
    // Our ids are in it already: then the first call arrived.
    done(
        call("POST", "/v1/tasks/" + task + "/requests", NDJSON, body(lines)),
        Set.of(200),
        Set.of(400, 409, 422));
  }

  /// `upload`, `submit`, `cancel`, `retry`, `refresh`.
  public void act(String task, String action) {
    done(
        call("POST", "/v1/tasks/" + task + "/" + action, "application/json", ""),
        Set.of(200, 202),
        Set.of(409));
  }

  public void delete(String task) {
    done(call("DELETE", "/v1/tasks/" + task, "application/json", ""), Set.of(204), Set.of(404));
  }

  public JsonNode view(String task) {
    return json(call("GET", "/v1/tasks/" + task, "application/json", "").reply());
  }

  int statusOf(String path) {
    return call("GET", path, "application/json", "").reply().statusCode();
  }

  public List<JsonNode> results(String task) {
    var reply = call("GET", "/v1/tasks/" + task + "/results", NDJSON, "").reply();
    return reply.body().lines().map(ServiceClient::parse).toList();
  }

  private static void done(Answered answered, Set<Integer> first, Set<Integer> orWhenRepeated) {
    int status = answered.reply().statusCode();
    if (!first.contains(status) && !(answered.isRepeated() && orWhenRepeated.contains(status))) {
      throw new IllegalStateException(
          "%s answered %d: %s".formatted(answered.reply().uri(), status, answered.reply().body()));
    }
  }

  private Answered call(String method, String path, String type, String body) {
    return call(method, path, type, body, "");
  }

  private Answered call(String method, String path, String type, String body, String key) {
    long end = System.nanoTime() + Polling.LONG.toNanos();
    boolean repeated = false;
    IOException last = new IOException("no replica is there");
    while (System.nanoTime() < end) {
      List<URI> open = doors.get();
      if (!open.isEmpty()) {
        URI door = open.get(Math.floorMod(next++, open.size()));
        try {
          var reply =
              http.send(request(door, method, path, type, body, key), BodyHandlers.ofString());
          if (reply.statusCode() < 500) {
            return new Answered(reply, repeated);
          }
          last = new IOException(reply.statusCode() + ": " + reply.body());
        } catch (IOException e) {
          last = e;
        } catch (InterruptedException e) {
          throw Polling.interrupted(e);
        }
        repeated = true;
      }
      Polling.pause(Duration.ofMillis(150));
    }
    throw new UncheckedIOException(method + " " + path, last);
  }

  private static HttpRequest request(
      URI door, String method, String path, String type, String body, String key) {
    var request =
        HttpRequest.newBuilder(door.resolve(path))
            // A whole stream takes its time, and nothing is gained by asking twice.
            .timeout(path.endsWith("/results") ? Polling.LONG : ONE_CALL)
            .header("Content-Type", type)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return (key.isEmpty() ? request : request.header("Idempotency-Key", key)).build();
  }

  private static String body(List<String> lines) {
    return String.join("\n", Stream.concat(lines.stream(), Stream.of("")).toList());
  }

  private static JsonNode json(HttpResponse<String> reply) {
    return parse(reply.body());
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param isRepeated an earlier call went unanswered and may have arrived
  private record Answered(HttpResponse<String> reply, boolean isRepeated) {}
}
