package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.pipeline.lines.GrowableBytes;

/// Collects result lines in the shape that the caller wants.
abstract sealed class LineSink {

  protected final GrowableBytes out;

  private LineSink(int capacity) {
    out = new GrowableBytes(capacity);
  }

  static LineSink of(ResultsQuery.View view, int capacity) {
    return switch (view) {
      case OUTPUT -> new AsStored(capacity);
      case MESSAGES -> new Messages(capacity);
    };
  }

  /// Lines are taken as they are, so a whole chunk may be handed over at once.
  abstract boolean takesWhole();

  abstract void whole(byte[] lines);

  /// One line, its end included.
  abstract void line(byte[] raw, int from, int to);

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }

  /// The lines as they are.
  private static final class AsStored extends LineSink {
    AsStored(int capacity) {
      super(capacity);
    }

    @Override
    boolean takesWhole() {
      return true;
    }

    @Override
    void whole(byte[] lines) {
      out.write(lines);
    }

    @Override
    void line(byte[] raw, int from, int to) {
      out.write(raw, from, to - from);
    }
  }

  /// Id and messages only.
  private static final class Messages extends LineSink {
    Messages(int capacity) {
      super(capacity);
    }

    @Override
    boolean takesWhole() {
      return false;
    }

    @Override
    void whole(byte[] lines) {
      throw new IllegalStateException("Lines come one by one");
    }

    @Override
    void line(byte[] raw, int from, int to) {
      MessagesView.write(raw, from, to, out);
    }
  }
}
