package dev.arcticsynth.cli.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Requests on their way to the server.
///
/// @param settings query parameters of the call that makes the task
/// @param headers of the call, for what must not be in a url
/// @param lines NDJSON, streamed
/// @param sha256 of the lines; absent where they can be read only once
public record TaskSubmission(
    TaskName task,
    Map<String, String> settings,
    Map<String, String> headers,
    BodyPublisher lines,
    Optional<String> sha256) {

  public TaskSubmission(
      TaskName task, Map<String, String> settings, BodyPublisher lines, Optional<String> sha256) {
    this(task, settings, Map.of(), lines, sha256);
  }

  Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    query.put("name", task.value());
    query.putAll(settings);
    return query;
  }

  /// The same command over the same file has the same key, so that a retry after a lost reply
  /// succeeds and creates no second task.
  String key() {
    return sha256
        .map(digest -> Sha256.sha256(new TreeMap<>(query()) + digest))
        .orElseGet(() -> UUID.randomUUID().toString());
  }
}
