package dev.arcticsynth.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Counts the inputs of an embeddings body, which OpenAI limits over a whole batch.
final class EmbeddingInputs {

  private static final JsonFactory JSON = new JsonFactory();

  private EmbeddingInputs() {}

  static long in(byte[] body) {
    try (var parser = JSON.createParser(body)) {
      var unused = parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals("input");
        if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
          long count = 0;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            parser.skipChildren();
            count++;
          }
          return Math.max(1, count);
        }
        parser.skipChildren();
      }
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException("Stored bodies were JSON when they came", e);
    }
  }
}
