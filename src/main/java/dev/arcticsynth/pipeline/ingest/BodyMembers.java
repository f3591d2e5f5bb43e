package dev.arcticsynth.pipeline.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.arcticsynth.pipeline.lines.EmbeddingInputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks the members of a request's body as they are read, and keeps what is needed of them.
final class BodyMembers {

  private final RequestDefaults defaults;
  private final String at;
  private @Nullable String model;
  private boolean messages;
  private boolean input;
  private boolean prompt;
  private boolean template;
  private Set<String> overridden = Set.of();
  private int inputs;

  /// @param at JSON pointer of the body within its line
  BodyMembers(RequestDefaults defaults, String at) {
    this.defaults = defaults;
    this.at = at;
  }

  /// Reads one member; the parser stands on its name.
  void read(JsonParser parser, String name) throws IOException, MalformedLineException {
    if (defaults.members().containsKey(name)) {
      overridden = overridden.isEmpty() ? new HashSet<>() : overridden;
      overridden.add(name);
    }
    JsonToken value = parser.nextToken();
    switch (name) {
      case "model" -> {
        if (model != null) {
          throw bad("model", "duplicate_member", "model is repeated");
        }
        if (value != JsonToken.VALUE_STRING) {
          throw bad("model", "wrong_type", "model is a string");
        }
        model = parser.getText();
      }
      case "messages" -> {
        if (value != JsonToken.START_ARRAY) {
          throw bad("messages", "wrong_type", "messages is an array");
        }
        if (elements(parser) == 0) {
          throw bad("messages", "empty_messages", "messages holds at least one message");
        }
        messages = true;
      }
      case "input" -> {
        if (value != JsonToken.VALUE_STRING && value != JsonToken.START_ARRAY) {
          throw bad("input", "wrong_type", "input is a string or an array");
        }
        inputs = value == JsonToken.START_ARRAY ? EmbeddingInputs.inArray(parser) : 1;
        input = true;
      }
      case "prompt" -> {
        template = value == JsonToken.START_OBJECT;
        if (!template && value != JsonToken.VALUE_STRING && value != JsonToken.START_ARRAY) {
          throw bad("prompt", "wrong_type", "prompt is a string or an array");
        }
        parser.skipChildren();
        prompt = true;
      }
      case "stream" -> {
        if (value == JsonToken.VALUE_TRUE) {
          throw bad("stream", "stream_not_possible", "a batch cannot stream");
        }
      }
      default -> parser.skipChildren();
    }
  }

  private static int elements(JsonParser parser) throws IOException {
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      parser.skipChildren();
      count++;
    }
    return count;
  }

  /// The request's model, else the task's.
  String requireModel() throws MalformedLineException {
    String name = model == null ? defaults.model().orElse(null) : model;
    if (name == null) {
      throw bad("model", "missing_model", "neither the request nor the task names a model");
    }
    if (name.isBlank() || name.length() > 256 || UnicodeCheck.hasControls(name)) {
      throw bad(
          "model",
          "wrong_type",
          "model is a name of 1 to 256 characters, none of them a control character");
    }
    return name;
  }

  /// Fails where the body has nothing that the endpoint could answer.
  void requireContentFor(String endpoint) throws MalformedLineException {
    // Only a response can be made from a template.
    if (template && !endpoint.equals(RequestUrls.RESPONSES)) {
      throw bad("prompt", "wrong_type", "prompt is a string or an array");
    }
    List<String> needs = RequestUrls.needs(endpoint);
    for (String member : needs) {
      if (has(member) || defaults.members().containsKey(member)) {
        return;
      }
    }
    throw bad(
        needs.getFirst(), "missing_member", endpoint + " needs " + String.join(" or ", needs));
  }

  private boolean has(String member) {
    return switch (member) {
      case "messages" -> messages;
      case "input" -> input;
      case "prompt" -> prompt;
      default -> model != null;
    };
  }

  /// The task's defaults that the body does not override, as JSON members.
  List<byte[]> missingDefaults() {
    if (overridden.size() == defaults.members().size()) {
      return List.of();
    }
    var missing = new ArrayList<byte[]>();
    for (var member : defaults.members().entrySet()) {
      if (!overridden.contains(member.getKey())) {
        missing.add(member.getValue());
      }
    }
    return missing;
  }

  /// How many the member `input` holds.
  int inputs() {
    return inputs;
  }

  private MalformedLineException bad(String member, String code, String detail) {
    return new MalformedLineException(at + "/" + member, code, detail);
  }
}
