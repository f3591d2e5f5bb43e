package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;

/// Puts another name for the model into bodies, and touches nothing else in them.
///
/// All bodies grow by the same number of bytes, however their callers have written the name: a name
/// that was written longer than need be, with escapes, leaves blanks behind. So the size of a file
/// is known before its first line is read.
final class ModelRewriter {

  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] name;
  private final int before;

  ModelRewriter(String model, String other) {
    this.name = json(other);
    this.before = json(model).length;
  }

  /// The shortest way to write it. Names have no control characters.
  static byte[] json(String model) {
    return ("\"" + model.replace("\\", "\\\\").replace("\"", "\\\"") + "\"").getBytes(UTF_8);
  }

  void write(byte[] body, GrowableBytes out) {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isModel = parser.currentName().equals("model");
        parser.nextToken();
        if (isModel) {
          int from = (int) parser.currentTokenLocation().getByteOffset();
          parser.finishToken();
          int to = (int) parser.currentLocation().getByteOffset();
          out.write(body, 0, from);
          out.write(name);
          blanks(to - from - before, out);
          out.write(body, to, body.length - to);
          return;
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      throw new IllegalStateException("It was checked when it was taken in", e);
    }
    throw new IllegalStateException("A stored request without a model");
  }

  private static void blanks(int count, GrowableBytes out) {
    byte[] blanks = new byte[count];
    Arrays.fill(blanks, (byte) ' ');
    out.write(blanks);
  }
}
