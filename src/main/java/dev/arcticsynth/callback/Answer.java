package dev.arcticsynth.callback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;

/// The body of a receiver's answer, as far as it is read: 16 kB, of which the first 1 kB is kept.
final class Answer {

  private static final int MOST_READ = 16 * 1024;
  private static final int KEPT = 1024;

  private final Buffer kept = Buffer.buffer();
  private int read;

  /// @return whether there may be more
  boolean add(Buffer piece) {
    read += piece.length();
    kept.appendBuffer(piece, 0, Math.min(piece.length(), KEPT - kept.length()));
    return read < MOST_READ;
  }

  /// Without control characters, which terminals and log readers would obey, and without what turns
  /// text around.
  String text() {
    String text = new String(kept.getBytes(), UTF_8);
    var shown = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
        .filter(c -> Character.getType(c) != Character.SURROGATE)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }
}
