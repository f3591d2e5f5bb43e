package dev.arcticsynth.api.idempotency;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The header `Idempotency-Key`: a string of structured fields (RFC 8941), `"8e03978e-40d5"`. Many
/// clients leave the quotes out, so a plain token is accepted and means the same.
public final class IdempotencyHeader {

  static final String NAME = "Idempotency-Key";

  private static final int LONGEST = 255;
  // Every character of it may be escaped. Checked first, so that no pattern sees a long text.
  private static final int LONGEST_RAW = 2 * LONGEST + 2;
  private static final Pattern QUOTED =
      Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\"\\\\])+)\"");
  private static final Pattern BARE =
      Pattern.compile("[\\x21\\x23-\\x2B\\x2D-\\x3A\\x3C-\\x5B\\x5D-\\x7E]+");

  private IdempotencyHeader() {}

  /// Fails with [Malformed] where the header is not a key.
  static Optional<String> of(HttpServerRequest request) {
    List<String> values = request.headers().getAll(NAME);
    if (values.size() > 1) {
      throw new Malformed("There are %d of them; send one.".formatted(values.size()));
    }
    return values.stream().findFirst().map(IdempotencyHeader::key);
  }

  private static String key(String value) {
    String text = value.strip();
    String key = text.length() > LONGEST_RAW ? "" : unquoted(text);
    if (key.isEmpty() || key.length() > LONGEST) {
      throw new Malformed(
          "It is a quoted string of 1 to 255 ASCII characters, such as \"8e03978e-40d5-43e8-bc93-6894a57f9324\".");
    }
    return key;
  }

  private static String unquoted(String text) {
    var quoted = QUOTED.matcher(text);
    return quoted.matches()
        ? quoted.group(1).replaceAll("\\\\(.)", "$1")
        : BARE.matcher(text).matches() ? text : "";
  }

  /// The header is not a valid key.
  public static final class Malformed extends RuntimeException {
    Malformed(String detail) {
      super("The header Idempotency-Key cannot be read. " + detail);
    }
  }
}
