package dev.arcticsynth.provider.simulator.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.arcticsynth.provider.simulator.store.BatchError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes once through a line of an input file and remembers where in it the few things are that an
/// answer needs. Texts are remembered by place, as they are escaped in the line, and never decoded.
final class RowParser {
  private static final JsonFactory JSON = new JsonFactory();

  private final SimulatedApi simulatedApi;
  private final Endpoint endpoint;
  private byte[] line = {};
  private int from;
  private @Nullable String method;
  private @Nullable String url;
  private @Nullable String model;
  private boolean hasBody;
  private Span customId = Span.NONE;
  private long customIdHash;
  private Span prompt = Span.NONE;
  private int inputs;

  RowParser(SimulatedApi simulatedApi, Endpoint endpoint) {
    this.simulatedApi = simulatedApi;
    this.endpoint = endpoint;
  }

  /// A section of the line, counted from where the line begins.
  record Span(int at, int length) {
    static final Span NONE = new Span(0, 0);
  }

  /// What is wrong with the line, if anything.
  Optional<BatchError> parse(byte[] bytes, int start, int end, int number) {
    line = bytes;
    from = start;
    forget();
    boolean hasByteOrderMark = end > start && bytes[start] == (byte) 0xEF;
    try (JsonParser json = JSON.createParser(bytes, start, end - start)) {
      if (hasByteOrderMark || json.nextToken() != JsonToken.START_OBJECT || !row(json)) {
        return Optional.of(invalid(number));
      }
    } catch (IOException _) {
      return Optional.of(invalid(number));
    }
    return verdict(number);
  }

  /// Of the last line parsed, as all that follows; empty if it names none.
  String model() {
    return model == null ? "" : model;
  }

  Span customId() {
    return customId;
  }

  long customIdHash() {
    return customIdHash;
  }

  /// The text to be answered: of a conversation, the last thing its user said.
  Span prompt() {
    return prompt;
  }

  /// How many texts an embedding is asked for.
  int inputs() {
    return inputs;
  }

  private void forget() {
    method = null;
    url = null;
    model = null;
    hasBody = false;
    customId = Span.NONE;
    prompt = Span.NONE;
    inputs = 0;
  }

  private Optional<BatchError> verdict(int number) {
    if (customId.length() == 0) {
      return Optional.of(BatchError.missing(number, "custom_id"));
    }
    if (method == null || !method.equals("POST")) {
      return Optional.of(BatchError.missing(number, "method"));
    }
    if (url == null) {
      return Optional.of(BatchError.missing(number, "url"));
    }
    if (simulatedApi.endpoint(url).filter(endpoint::equals).isEmpty()) {
      return Optional.of(
          new BatchError(
              "url_mismatch",
              "The URL provided for this request does not match the batch endpoint.",
              "url",
              number));
    }
    if (!hasBody) {
      return Optional.of(BatchError.missing(number, "body"));
    }
    if (model == null && endpoint != Endpoint.MODERATIONS) {
      return Optional.of(BatchError.missing(number, "body.model"));
    }
    return Optional.empty();
  }

  private boolean row(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "custom_id" -> {
          if (value == JsonToken.VALUE_STRING) {
            customId = span(json);
            customIdHash = hash(json);
          }
        }
        case "method" -> method = json.getValueAsString();
        case "url" -> url = json.getValueAsString();
        case "body" -> {
          hasBody = value == JsonToken.START_OBJECT;
          if (hasBody) {
            body(json);
          } else {
            skip(json);
          }
        }
        default -> skip(json);
      }
    }
    return json.nextToken() == null;
  }

  private void body(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("model")) {
        model = json.getValueAsString();
      } else if (name.equals(endpoint.prompt())) {
        prompt(json, value);
      } else {
        skip(json);
      }
    }
  }

  private void prompt(JsonParser json, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      prompt = span(json);
      inputs = 1;
    } else if (value == JsonToken.START_ARRAY) {
      boolean numbers = false;
      for (JsonToken item = json.nextToken();
          item != JsonToken.END_ARRAY;
          item = json.nextToken()) {
        switch (item) {
          case VALUE_STRING -> {
            prompt = span(json);
            inputs++;
          }
          case START_OBJECT -> message(json);
          case VALUE_NUMBER_INT -> numbers = true;
          default -> {
            skip(json);
            inputs++;
          }
        }
      }
      inputs = numbers ? 1 : inputs;
    } else {
      skip(json);
    }
  }

  private void message(JsonParser json) throws IOException {
    String role = "user";
    Span text = Span.NONE;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      switch (name) {
        case "role" -> role = json.getValueAsString("");
        case "content", "text" -> {
          if (value == JsonToken.VALUE_STRING) {
            text = span(json);
          } else if (value == JsonToken.START_ARRAY) {
            text = parts(json);
          } else {
            skip(json);
          }
        }
        default -> skip(json);
      }
    }
    if (role.equals("user") || prompt.length() == 0) {
      prompt = text;
    }
  }

  /// The last text among the parts of a message, which may also be images.
  private Span parts(JsonParser json) throws IOException {
    Span text = Span.NONE;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token == JsonToken.VALUE_STRING && "text".equals(json.currentName())) {
        text = span(json);
      }
    }
    return text;
  }

  private Span span(JsonParser json) throws IOException {
    int at = (int) json.currentTokenLocation().getByteOffset();
    if (at < 0) {
      throw new IOException("not UTF-8");
    }
    int first = from + at + 1;
    int end = first;
    while (line[end] != '"') {
      end += line[end] == '\\' ? 2 : 1;
    }
    return new Span(at + 1, end - first);
  }

  /// Equal for equal texts, however they are escaped; different ones share it once in 10^10 files.
  private long hash(JsonParser json) throws IOException {
    byte[] bytes = line;
    int at = from + customId.at();
    int end = at + customId.length();
    for (int i = at; i < end; i++) {
      if (bytes[i] == '\\') {
        bytes = json.getText().getBytes(StandardCharsets.UTF_8);
        at = 0;
        end = bytes.length;
        break;
      }
    }
    long hash = 0xcbf29ce484222325L;
    for (int i = at; i < end; i++) {
      hash = (hash ^ bytes[i]) * 0x100000001b3L;
    }
    return Hash64.of(hash);
  }

  private static void skip(JsonParser json) throws IOException {
    JsonParser _ = json.skipChildren();
  }

  private static BatchError invalid(int number) {
    return BatchError.at(number, "invalid_json_line", "This line is not parseable as valid JSON.");
  }
}
