package dev.arcticsynth.pipeline.lines;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks for line ends eight bytes at a time: every byte of every request and answer passes here
/// more than once, and a loop over single bytes was the largest entry of the profile.
///
/// A word holds a byte c where `word ^ cccccccc` holds a zero byte, and it holds a zero byte where
/// `(x - 0x01…) & ~x & 0x80…` is not zero (Warren, Hacker's Delight, 6-1); the lowest such bit is
/// exact.
public final class ByteScanner {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long NEWLINES = LOW * '\n';
  private static final long RETURNS = LOW * '\r';
  private static final long BACKSLASHES = LOW * '\\';

  private boolean special;

  /// Where the next `\n` is, or `to` when there is none before it.
  public static int newline(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long found = zeros((long) WORD.get(bytes, at) ^ NEWLINES);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  /// The bit pattern of the newlines in a little-endian word; its lowest bit marks the first one.
  public static long newlinesIn(long word) {
    return zeros(word ^ NEWLINES);
  }

  /// Like [#newline], and notes whether [#isSpecial] holds for the line. The line must have an end.
  public int line(byte[] bytes, int from) {
    long seen = 0;
    int at = from;
    int whole = bytes.length - Long.BYTES;
    for (; at <= whole; at += Long.BYTES) {
      long word = (long) WORD.get(bytes, at);
      long found = zeros(word ^ NEWLINES);
      seen |= word & HIGH | zeros(word) | zeros(word ^ BACKSLASHES) | zeros(word ^ RETURNS);
      if (found != 0) {
        special = seen != 0;
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (bytes[at] != '\n') {
      at++;
    }
    special = true;
    return at;
  }

  /// Whether the last line may hold more than plain ASCII without escapes, NULs and carriage
  /// returns. May be true for a line that does not; never false for one that does.
  public boolean isSpecial() {
    return special;
  }

  private static long zeros(long word) {
    return word - LOW & ~word & HIGH;
  }
}
