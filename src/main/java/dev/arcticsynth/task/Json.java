package dev.arcticsynth.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// Hands many rows to one statement as one JSON parameter (`jsonb_to_recordset`): the reactive
/// session binds no arrays of bytes. Bytes travel as base64, so that no caller's text meets
/// `jsonb`'s rules.
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// Of what we wrote ourselves.
  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("We wrote it ourselves", e);
    }
  }

  static String write(ArrayNode rows) {
    try {
      return MAPPER.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  static @Nullable String base64(byte @Nullable [] bytes) {
    return bytes == null ? null : java.util.Base64.getEncoder().encodeToString(bytes);
  }
}
