package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/// The ids of requests: those that callers give, and those that requests without one get,
/// `{task}_{n}`, n counted from 0 over the whole task.
public final class CustomIds {
  private static final JsonFactory JSON = new JsonFactory();

  private CustomIds() {}

  /// As a JSON string, quotes included. A task's name needs no escapes.
  public static byte[] generated(String taskName, long seq) {
    return ('"' + taskName + '_' + seq + '"').getBytes(US_ASCII);
  }

  /// An id as the text that its JSON string stands for.
  public static String text(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      var _ = parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new UncheckedIOException("It was read before it was stored", e);
    }
  }

  /// What the generated ids of a task look like.
  public static Pattern generatedForm(String taskName) {
    return Pattern.compile(Pattern.quote(taskName) + "_[0-9]+");
  }

  /// A 64-bit hash of a caller's id. Equal hashes are looked into, so a bad one costs time, never
  /// truth.
  ///
  /// FNV-1a over UTF-16 units, then the finaliser of SplitMix64, since the ids of a task often
  /// differ in their last digits only.
  public static long hash(String id) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001B3L;
    }
    hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
    return hash ^ hash >>> 31;
  }
}
