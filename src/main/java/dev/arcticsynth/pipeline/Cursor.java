package dev.arcticsynth.pipeline;

import dev.arcticsynth.task.Seqs;

/// A place in a chunk of result lines. One thread at a time.
final class Cursor {

  private final byte[] raw;
  private final Seqs seqs;
  private int line;
  private int at;

  Cursor(byte[] raw, Seqs seqs) {
    this.raw = raw;
    this.seqs = seqs;
  }

  boolean isDone() {
    return line >= seqs.count();
  }

  /// The number of the next line.
  long seq() {
    return seqs.at(line);
  }

  /// Leaves out lines below a number.
  void skipTo(long seq) {
    while (!isDone() && seq() < seq) {
      advance();
    }
  }

  /// Hands out lines up to a number, at most so many bytes and one line.
  void drain(long before, int bytes, LineSink to) {
    int until = seqs.lineOf(before);
    if (line == 0 && until == seqs.count() && to.takesWhole()) {
      to.whole(raw);
      line = seqs.count();
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
    at = Scan.newline(raw, at, raw.length) + 1;
    line++;
  }
}
