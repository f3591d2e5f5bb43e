package dev.arcticsynth.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Requests that come in a JSON body instead of NDJSON: an array of them, one alone, or the member
/// `requests` of a new task. Each becomes a line, byte for byte but for line ends between tokens.
public final class JsonRequests {

  private static final JsonFactory JSON = new JsonFactory();

  /// A task without its requests: `defaults` and `metadata` have limits far below.
  private static final int MAX_TASK = 256 * 1024;

  private final byte[] body;

  public JsonRequests(byte[] body) {
    this.body = body;
  }

  /// The elements of the array, or the object alone.
  public Multi<Buffer> lines() throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      JsonToken first = begin(parser);
      if (first == JsonToken.START_ARRAY) {
        int from = start(parser);
        parser.skipChildren();
        int to = here(parser);
        end(parser);
        return JsonLines.ofArray(body, from, to);
      }
      if (first == null) {
        return Multi.createFrom().empty();
      }
      int from = start(parser);
      parser.skipChildren();
      parser.finishToken();
      int to = here(parser);
      end(parser);
      return JsonLines.ofValue(body, from, to);
    }
  }

  /// The member `requests`, where there is one, and the body without it.
  public Parts parts() throws IOException {
    try (JsonParser parser = JSON.createParser(body)) {
      if (begin(parser) != JsonToken.START_OBJECT) {
        throw new InvalidRequestException("", "wrong_type", "The body is a JSON object.");
      }
      Optional<Multi<Buffer>> requests = Optional.empty();
      int[] without = {0, 0};
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("requests");
        JsonToken value = parser.nextToken();
        if (wanted && value == JsonToken.START_ARRAY) {
          int from = start(parser);
          parser.skipChildren();
          int to = here(parser);
          requests = Optional.of(JsonLines.ofArray(body, from, to));
          without = new int[] {from, to};
        } else if (wanted && value != JsonToken.VALUE_NULL) {
          throw new InvalidRequestException("/requests", "wrong_type", "requests is an array.");
        } else {
          parser.skipChildren();
        }
      }
      end(parser);
      return new Parts(task(without[0], without[1]), requests);
    }
  }

  /// @param task the body with `requests` set to null
  public record Parts(byte[] task, Optional<Multi<Buffer>> requests) {}

  /// The body with null in place of its requests.
  private byte[] task(int from, int to) {
    if (body.length - (to - from) > MAX_TASK) {
      throw new InvalidRequestException(
          "", "too_long", "A task without its requests has at most %,d bytes.".formatted(MAX_TASK));
    }
    return from == to
        ? body
        : Buffer.buffer(body.length - (to - from) + 4)
            .appendBytes(body, 0, from)
            .appendString("null")
            .appendBytes(body, to, body.length - to)
            .getBytes();
  }

  /// Where the parser guesses another encoding than UTF-8 it knows no byte offsets.
  private static @Nullable JsonToken begin(JsonParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first != null && start(parser) < 0) {
      throw new InvalidRequestException("", "invalid_text", "The body must be UTF-8.");
    }
    return first;
  }

  private static void end(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new InvalidRequestException(
          "", "trailing_content", "One JSON value, and nothing after it.");
    }
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int here(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }
}
