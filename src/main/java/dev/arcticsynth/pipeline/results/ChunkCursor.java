package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.pipeline.lines.ByteScanner;
import dev.arcticsynth.task.payload.SequenceSet;

/// A place in a chunk of result lines. One thread at a time.
final class ChunkCursor {

  private final byte[] raw;
  private final SequenceSet sequenceSet;
  private int line;
  private int at;

  ChunkCursor(byte[] raw, SequenceSet sequenceSet) {
    this.raw = raw;
    this.sequenceSet = sequenceSet;
  }

  boolean isDone() {
    return line >= sequenceSet.count();
  }

  /// The number of the next line.
  long seq() {
    return sequenceSet.at(line);
  }

  /// Leaves out lines below a number.
  void skipTo(long seq) {
    while (!isDone() && seq() < seq) {
      advance();
    }
  }

  /// Hands out lines up to a number, at most so many bytes and one line.
  void drain(long before, int bytes, LineSink to) {
    int until = sequenceSet.lineOf(before);
    if (line == 0 && until == sequenceSet.count() && to.takesWhole()) {
      to.whole(raw);
      line = sequenceSet.count();
      return;
    }
    int left = bytes;
    while (line < until && left > 0) {
      int from = at;
      advance();
      to.line(raw, from, at);
      left -= at - from;
    }
  }

  private void advance() {
    at = ByteScanner.newline(raw, at, raw.length) + 1;
    line++;
  }
}
