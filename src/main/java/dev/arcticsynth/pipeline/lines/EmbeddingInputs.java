package dev.arcticsynth.pipeline.lines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Counts the inputs of an embeddings body, which OpenAI limits over a whole batch: a text is one,
/// and so is a list of token numbers; a list of these is as many as it has.
public final class EmbeddingInputs {

  private static final JsonFactory JSON = new JsonFactory();

  private EmbeddingInputs() {}

  public static long in(byte[] body) {
    try (var parser = JSON.createParser(body)) {
      var unused = parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("input");
        if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
          return Math.max(1, inArray(parser));
        }
        parser.skipChildren();
      }
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException("Stored bodies were JSON when they came", e);
    }
  }

  /// The parser stands on the array's beginning, and then on its end.
  public static int inArray(JsonParser parser) throws IOException {
    int elements = 0;
    boolean isTokens = false;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      isTokens |= elements == 0 && parser.currentToken().isNumeric();
      parser.skipChildren();
      elements++;
    }
    return isTokens ? 1 : elements;
  }
}
