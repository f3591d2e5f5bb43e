package dev.arcticsynth.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// The members that all listed entries share.
public record WireEntry(JsonNode json) {

  public String id() {
    return text("id");
  }

  /// Empty when it is missing or malformed.
  public Optional<Instant> createdAt() {
    JsonNode value = json.path("created_at");
    if (value.isNumber()) {
      return Optional.of(Instant.ofEpochSecond(value.asLong()));
    }
    try {
      return value.isTextual() ? Optional.of(Instant.parse(value.asText())) : Optional.empty();
    } catch (DateTimeParseException unforeseen) {
      return Optional.empty();
    }
  }

  public String text(String member) {
    JsonNode value = json.path(member);
    return value.isValueNode() && !value.isNull() ? value.asText() : "";
  }
}
