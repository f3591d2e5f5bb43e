package dev.arcticsynth.cli;

import java.net.http.HttpRequest.BodyPublisher;
import java.util.LinkedHashMap;
import java.util.Map;

/// Requests on their way to the server.
///
/// @param settings query parameters of the call that makes the task
/// @param headers of the call, for what must not be in a url
/// @param lines NDJSON, streamed
record Submission(
    TaskName task, Map<String, String> settings, Map<String, String> headers, BodyPublisher lines) {

  Submission(TaskName task, Map<String, String> settings, BodyPublisher lines) {
    this(task, settings, Map.of(), lines);
  }

  Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    query.put("name", task.value());
    query.putAll(settings);
    return query;
  }
}
