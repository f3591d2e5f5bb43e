package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Shortens a result line to `{"custom_id","choices":[message …]}`; one without an answer keeps its
/// `error` and has no choices. Messages are the provider's bytes.
///
/// Chat: the `message` of each choice. Completions: the text as an assistant's message. Responses:
/// each output item of type `message`, whole; items are not joined, since a join breaks structured
/// output.
final class MessagesView {

  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] ID = "{\"custom_id\":".getBytes(UTF_8);
  private static final byte[] CHOICES = ",\"choices\":[".getBytes(UTF_8);
  private static final byte[] ERROR = "],\"error\":".getBytes(UTF_8);
  private static final byte[] TEXT = "{\"role\":\"assistant\",\"content\":".getBytes(UTF_8);
  private static final byte[] END = "}\n".getBytes(UTF_8);

  private final byte[] raw;
  private final int from;
  private final GrowableBytes messages = new GrowableBytes(1_024);
  private int idFrom;
  private int idTo;
  private int errorFrom;
  private int errorTo;

  private MessagesView(byte[] raw, int from) {
    this.raw = raw;
    this.from = from;
  }

  static void write(byte[] raw, int from, int to, GrowableBytes out) {
    var view = new MessagesView(raw, from);
    try (JsonParser parser = JSON.createParser(raw, from, to - from)) {
      view.read(parser);
    } catch (IOException e) {
      throw new UncheckedIOException("Stored results were JSON when they came", e);
    }
    out.write(ID);
    out.write(raw, view.idFrom, view.idTo - view.idFrom);
    out.write(CHOICES);
    if (view.errorTo > view.errorFrom) {
      out.write(ERROR);
      out.write(raw, view.errorFrom, view.errorTo - view.errorFrom);
    } else {
      out.write(view.messages.array(), 0, view.messages.size());
      out.write(']');
    }
    out.write(END);
  }

  private void read(JsonParser parser) throws IOException {
    var unused = parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "custom_id" -> {
          idFrom = start(parser);
          parser.finishToken();
          idTo = end(parser);
        }
        case "error" -> {
          if (value == JsonToken.START_OBJECT) {
            errorFrom = start(parser);
            parser.skipChildren();
            errorTo = end(parser);
          }
        }
        case "response" -> {
          if (value == JsonToken.START_OBJECT) {
            in(parser, "body", () -> readBody(parser));
          }
        }
        default -> parser.skipChildren();
      }
    }
  }

  private void readBody(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_ARRAY && name.equals("choices")) {
        objects(parser, () -> readChoice(parser));
      } else if (value == JsonToken.START_ARRAY && name.equals("output")) {
        objects(parser, () -> readOutputItem(parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readChoice(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("message") && value == JsonToken.START_OBJECT) {
        int begin = start(parser);
        parser.skipChildren();
        comma();
        messages.write(raw, begin, end(parser) - begin);
      } else if (name.equals("text") && value == JsonToken.VALUE_STRING) {
        int begin = start(parser);
        parser.finishToken();
        comma();
        messages.write(TEXT);
        messages.write(raw, begin, end(parser) - begin);
        messages.write('}');
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readOutputItem(JsonParser parser) throws IOException {
    int begin = start(parser);
    boolean isMessage = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean type = parser.currentName().equals("type");
      if (parser.nextToken() == JsonToken.VALUE_STRING && type) {
        isMessage = parser.getText().equals("message");
      }
      parser.skipChildren();
    }
    if (isMessage) {
      comma();
      messages.write(raw, begin, end(parser) - begin);
    }
  }

  private void comma() {
    if (messages.size() > 0) {
      messages.write(',');
    }
  }

  /// The objects of an array; what else is in it is passed over.
  private static void objects(JsonParser parser, Reading reading) throws IOException {
    for (JsonToken item = parser.nextToken();
        item != JsonToken.END_ARRAY;
        item = parser.nextToken()) {
      if (item == JsonToken.START_OBJECT) {
        reading.run();
      } else {
        parser.skipChildren();
      }
    }
  }

  private static void in(JsonParser parser, String member, Reading reading) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals(member);
      if (parser.nextToken() == JsonToken.START_OBJECT && wanted) {
        reading.run();
      } else {
        parser.skipChildren();
      }
    }
  }

  private int start(JsonParser parser) {
    return from + (int) parser.currentTokenLocation().getByteOffset();
  }

  private int end(JsonParser parser) {
    return from + (int) parser.currentLocation().getByteOffset();
  }

  private interface Reading {
    void run() throws IOException;
  }
}
