package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.lines.GrowableBytes;
import java.util.List;

/// Writes the body of a request line as it is stored: the task's defaults first, then the caller's
/// bytes without line ends.
final class BodyWriter {

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final boolean special;

  /// @param from where the body's `{` is in `bytes`
  /// @param to behind its `}`
  /// @param special whether it may hold a carriage return, see `ByteScanner#isSpecial`
  BodyWriter(byte[] bytes, int from, int to, boolean special) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.special = special;
  }

  /// @param defaults members that the body does not have itself, as JSON
  void write(List<byte[]> defaults, GrowableBytes out) {
    begin(defaults, !isBlank(from + 1, to - 1), out);
    copy(from + 1, to, out);
  }

  /// Leaves one member of the body out, with one of its commas.
  ///
  /// @param memberFrom where its name begins
  /// @param memberTo behind its value
  void writeWithout(int memberFrom, int memberTo, List<byte[]> defaults, GrowableBytes out) {
    int cutFrom = memberFrom;
    int cutTo = skipBlanks(memberTo);
    begin(defaults, !(isBlank(from + 1, memberFrom) && bytes[cutTo] == '}'), out);
    if (bytes[cutTo] == ',') {
      cutTo++;
    } else {
      while (cutFrom > from + 1 && bytes[cutFrom] != ',') {
        cutFrom--;
      }
    }
    copy(from + 1, cutFrom, out);
    copy(cutTo, to, out);
  }

  private static void begin(List<byte[]> defaults, boolean hasMore, GrowableBytes out) {
    out.write('{');
    for (int i = 0; i < defaults.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(defaults.get(i));
    }
    if (!defaults.isEmpty() && hasMore) {
      out.write(',');
    }
  }

  private boolean isBlank(int at, int end) {
    for (; at < end; at++) {
      if (bytes[at] > ' ') {
        return false;
      }
    }
    return true;
  }

  private int skipBlanks(int at) {
    while (bytes[at] >= 0 && bytes[at] <= ' ') {
      at++;
    }
    return at;
  }

  /// Line ends inside JSON are white space (a string cannot hold a raw one); on a provider's wire
  /// they would end the line.
  private void copy(int start, int end, GrowableBytes out) {
    int run = start;
    for (int at = start; special && at < end; at++) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        out.write(bytes, run, at - run);
        out.write(' ');
        run = at + 1;
      }
    }
    out.write(bytes, run, end - run);
  }
}
