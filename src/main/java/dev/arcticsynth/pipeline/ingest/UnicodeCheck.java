package dev.arcticsynth.pipeline.ingest;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Finds what a JSON parser lets pass and a provider does not: bytes that are no UTF-8, NULs, and
/// escaped halves of surrogate pairs, which are no text at all.
public final class UnicodeCheck {
  private UnicodeCheck() {}

  /// What is wrong with some bytes of JSON, if anything is.
  public static Optional<String> problem(byte[] bytes, int from, int to) {
    int seen = 0;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      seen |= b;
      if (b == 0) {
        // No JSON in UTF-8 has one; a parser takes it for a sign of UTF-16, and then no offset
        // of its tokens is true.
        return Optional.of("there is a NUL byte here; the text must be UTF-8 without any");
      }
      if (b == '\\') {
        if (isSurrogate(bytes, at, to)) {
          if (isLow(bytes, at) || !isSurrogate(bytes, at + 6, to) || !isLow(bytes, at + 6)) {
            return Optional.of("a lone surrogate is escaped here, which is no character");
          }
          at += 6;
        }
        at++;
      }
    }
    return seen < 0 ? notUtf8(bytes, from, to) : Optional.empty();
  }

  /// A loop, not a stream: it runs for every request.
  static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSurrogate(byte[] bytes, int at, int to) {
    return at + 5 < to
        && bytes[at] == '\\'
        && bytes[at + 1] == 'u'
        && (bytes[at + 2] | 0x20) == 'd'
        && Character.digit(bytes[at + 3], 16) >= 8;
  }

  private static boolean isLow(byte[] bytes, int at) {
    return Character.digit(bytes[at + 3], 16) >= 12;
  }

  private static Optional<String> notUtf8(byte[] bytes, int from, int to) {
    var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes, from, to - from);
    // Over and over the same: the text itself is not needed, and may be long.
    var out = CharBuffer.allocate(Math.min(to - from, 8 * 1024));
    CoderResult result = decoder.decode(in, out.clear(), true);
    while (result.isOverflow()) {
      result = decoder.decode(in, out.clear(), true);
    }
    return result.isError() ? Optional.of("the bytes are not UTF-8") : Optional.empty();
  }
}
