package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Says what a file looks like that should hold answers and holds none: by its first bytes, and
/// without what it says to the requests.
final class ContentShape {

  private static final int FIRST = 64 * 1024;
  private static final int MESSAGE = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// First bytes that no text begins with.
  private static final Map<String, String> MAGIC =
      Map.of(
          "\u001f\u008b", "gzip",
          "(\u00b5/\u00fd", "zstd",
          "PK\u0003\u0004", "a zip archive",
          "BZh", "bzip2",
          "\u00fd7zXZ", "xz",
          "\u00fe\u00ff", "UTF-16",
          "\u00ff\u00fe", "UTF-16",
          "%PDF", "a PDF");

  private ContentShape() {}

  /// Its kind and size, like `gzip, 1,234 bytes`.
  static String of(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      long size = Files.size(path);
      return size == 0
          ? "empty"
          : "%s, %,d bytes".formatted(kind(in.readNBytes(FIRST), size), size);
    }
  }

  private static String kind(byte[] first, long size) {
    String raw = new String(first, ISO_8859_1);
    for (var magic : MAGIC.entrySet()) {
      if (raw.startsWith(magic.getKey())) {
        return magic.getValue();
      }
    }
    String text = new String(first, UTF_8).strip();
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1).strip();
    }
    if (text.isEmpty()) {
      return "blank";
    }
    return switch (text.charAt(0)) {
      case '[' -> "a JSON array";
      case '{' -> object(text, size <= FIRST);
      case '<' -> isPage(text) ? "HTML" : "XML";
      default -> raw.indexOf('\0') >= 0 ? "binary" : text(text);
    };
  }

  private static boolean isPage(String text) {
    String begin = text.substring(0, Math.min(text.length(), 1_000)).toLowerCase(Locale.ROOT);
    return begin.contains("<html") || begin.contains("<!doctype html");
  }

  private static String text(String text) {
    return text.startsWith("data:") || text.startsWith("event:") ? "an event stream" : "other text";
  }

  private static String object(String text, boolean isAll) {
    int end = text.indexOf('\n');
    JsonNode line = parse(end < 0 ? text : text.substring(0, end));
    JsonNode object = line.isObject() || !isAll ? line : parse(text);
    JsonNode error = object.path("error");
    String message = error.isTextual() ? error.asText() : error.path("message").asText("");
    if (!message.isEmpty()) {
      return "an error: " + printable(message);
    }
    if (!line.isObject()) {
      return object.isObject() ? "one JSON object over several lines" : "JSON over several lines";
    }
    return line.has("custom_id") ? "lines of another shape" : "JSON lines without a custom_id";
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException notJson) {
      return JSON.missingNode();
    }
  }

  /// A text of the provider for one line of a message.
  static String printable(String text) {
    String line = text.replaceAll("\\p{C}+", " ");
    return line.length() <= MESSAGE ? line : line.substring(0, MESSAGE) + "…";
  }
}
