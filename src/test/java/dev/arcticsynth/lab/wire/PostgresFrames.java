package dev.arcticsynth.lab.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// What a client sends to PostgreSQL, message by message, so that the text of a statement can be
/// changed on the way, wherever the network cut it.
final class PostgresFrames {

  private static final int UNTYPED_HEAD = 4;
  private static final int TYPED_HEAD = 5;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;

  private byte[] rest = {};
  private boolean isBegun;

  /// The whole messages among what has come so far, changed; the rest is kept for the next time.
  byte[] pass(byte[] bytes, UnaryOperator<String> statements) {
    byte[] all = Arrays.copyOf(rest, rest.length + bytes.length);
    System.arraycopy(bytes, 0, all, rest.length, bytes.length);
    var out = new ByteArrayOutputStream(all.length);
    int at = 0;
    for (int length = frame(all, at);
        length > 0 && at + length <= all.length;
        length = frame(all, at)) {
      byte[] frame = Arrays.copyOfRange(all, at, at + length);
      out.writeBytes(isBegun ? change(frame, statements) : frame);
      begin(frame);
      at += length;
    }
    rest = Arrays.copyOfRange(all, at, all.length);
    return out.toByteArray();
  }

  /// The length of the frame that begins there; 0 when not even that is known.
  private int frame(byte[] all, int at) {
    int head = isBegun ? TYPED_HEAD : UNTYPED_HEAD;
    if (all.length - at < head) {
      return 0;
    }
    int length = ByteBuffer.wrap(all).getInt(at + (isBegun ? 1 : 0));
    return isBegun ? length + 1 : length;
  }

  private void begin(byte[] frame) {
    if (!isBegun) {
      int code = ByteBuffer.wrap(frame).getInt(UNTYPED_HEAD);
      isBegun = code != SSL_REQUEST && code != GSS_REQUEST;
    }
  }

  private static byte[] change(byte[] frame, UnaryOperator<String> statements) {
    if (frame[0] != 'P' && frame[0] != 'Q') {
      return frame;
    }
    String text = new String(frame, StandardCharsets.ISO_8859_1);
    String changed = statements.apply(text);
    if (changed.length() != text.length()) {
      throw new IllegalArgumentException("The length must stay: " + changed);
    }
    return changed.getBytes(StandardCharsets.ISO_8859_1);
  }
}
