package dev.arcticsynth.pipeline.decode;

import io.vertx.mutiny.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.List;

/// One JSON array as lines, one for each of its elements. Only its own commas and brackets are
/// looked at; the elements are checked as lines are.
final class ArrayLines extends BodyDecoder.Stage {

  /// So much white space may stand before it.
  private static final int MOST_BLANKS = 4 * 1024;

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private enum Place {
    BEFORE,
    INSIDE,
    BEHIND
  }

  private Place place = Place.BEFORE;
  private int depth;
  private boolean inString;
  private boolean escaped;

  @Override
  int isMine(Buffer head) {
    int at = startsWithMark(head) ? BOM.length : 0;
    for (; at < head.length(); at++) {
      byte b = head.getByte(at);
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return b == '[' ? 1 : 0;
      }
    }
    return head.length() > MOST_BLANKS ? 0 : -1;
  }

  private static boolean startsWithMark(Buffer head) {
    return head.length() >= BOM.length
        && head.getByte(0) == BOM[0]
        && head.getByte(1) == BOM[1]
        && head.getByte(2) == BOM[2];
  }

  @Override
  Iterable<Buffer> decode(byte[] bytes) {
    var lines = new ByteArrayOutputStream(bytes.length + 1);
    for (byte b : bytes) {
      switch (place) {
        case BEFORE -> place = b == '[' ? Place.INSIDE : Place.BEFORE;
        case INSIDE -> inside(b, lines);
        case BEHIND -> requireBlank(b);
      }
    }
    return lines.size() == 0 ? List.of() : List.of(Buffer.buffer(lines.toByteArray()));
  }

  private void inside(byte b, ByteArrayOutputStream lines) {
    if (inString) {
      inString = b != '"' || escaped;
      escaped = b == '\\' && !escaped;
      lines.write(b);
      return;
    }
    switch (b) {
      case '"' -> inString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {}
    }
    if (depth < 0) {
      place = Place.BEHIND;
      lines.write('\n');
    } else if (depth == 0 && b == ',') {
      lines.write('\n');
    } else {
      // Between tokens it is white space.
      lines.write(b == '\n' ? ' ' : b);
    }
  }

  private static void requireBlank(byte b) {
    if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
      throw new UnreadableBodyException(
          "trailing_content", "the body is one JSON array, with something behind it");
    }
  }

  @Override
  Iterable<Buffer> finish() {
    if (place != Place.BEHIND) {
      throw new UnreadableBodyException(
          "invalid_json", "the body is one JSON array, and it has no end: it is not complete");
    }
    return List.of();
  }
}
