package dev.arcticsynth.pipeline.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.task.NewTask;
import dev.arcticsynth.task.Task;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A task's defaults for members that requests leave out.
///
/// @param members name to `"name":value` as JSON bytes, in the caller's order
/// @param urls that requests may have
public record RequestDefaults(
    Optional<String> model, String endpoint, Map<String, byte[]> members, Set<String> urls) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// @param defaults of the task, which is read without them
  public static RequestDefaults of(Task task, Optional<String> defaults) {
    return of(task.model(), task.endpoint(), defaults);
  }

  public static RequestDefaults of(NewTask task) {
    return of(task.model(), task.endpoint(), task.defaults());
  }

  /// The most that they add to a request.
  long bytes() {
    return members.values().stream().mapToLong(member -> member.length + 1L).sum();
  }

  /// Only what the provider accepts is stored.
  public RequestDefaults within(Set<String> endpoints) {
    return new RequestDefaults(model, endpoint, members, endpoints);
  }

  /// The task's `model` counts as the default of that name, and wins over one among the defaults.
  static RequestDefaults of(Optional<String> model, String endpoint, Optional<String> json) {
    try {
      var members = new LinkedHashMap<String, byte[]>();
      if (json.isPresent()) {
        for (var member : MAPPER.readTree(json.get()).properties()) {
          members.put(member.getKey(), pair(member.getKey(), member.getValue()));
        }
      }
      if (model.isPresent()) {
        members.put("model", pair("model", model.get()));
      }
      Optional<String> effective =
          model.or(() ->
              json.flatMap(text -> Optional.ofNullable(tree(text).path("model").textValue())));
      return new RequestDefaults(effective, endpoint, members, RequestUrls.all());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static com.fasterxml.jackson.databind.JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] pair(String name, Object value) throws JsonProcessingException {
    return (MAPPER.writeValueAsString(name) + ":" + MAPPER.writeValueAsString(value))
        .getBytes(StandardCharsets.UTF_8);
  }
}
