package dev.arcticsynth.provider.simulator.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/// Goes through a file line by line, in a buffer that is no larger than the longest line asks for.
final class LineReader implements AutoCloseable {
  private static final int BLOCK = 1 << 20;
  private static final int LONGEST_LINE = 1 << 26;

  private final FileChannel channel;
  private byte[] buffer = new byte[BLOCK];
  private long bufferAt;
  private int filled;
  private int from;
  private int to;
  private int next;

  LineReader(Path path) throws IOException {
    channel = FileChannel.open(path);
  }

  /// Moves to the next line; false at the end of the file.
  boolean next() throws IOException {
    int searched = next;
    while (true) {
      int end = newline(searched);
      if (end >= 0) {
        return lineIs(next, end, end + 1);
      }
      searched = filled - next;
      if (!fill()) {
        return next < filled && lineIs(next, filled, filled);
      }
    }
  }

  /// Holds the line, from [#from()] to [#to()], without its `\n`.
  byte[] bytes() {
    return buffer;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /// Where in the file the line begins.
  long offset() {
    return bufferAt + from;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private boolean lineIs(int from, int to, int next) {
    this.from = from;
    this.to = to;
    this.next = next;
    return true;
  }

  private int newline(int at) {
    byte[] bytes = buffer;
    int end = filled;
    for (int i = at; i < end; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /// Moves what is left to the front and reads on behind it.
  private boolean fill() throws IOException {
    System.arraycopy(buffer, next, buffer, 0, filled - next);
    bufferAt += next;
    filled -= next;
    next = 0;
    if (filled == buffer.length) {
      if (filled >= LONGEST_LINE) {
        throw new IOException("a line is longer than %d bytes".formatted(LONGEST_LINE));
      }
      buffer = Arrays.copyOf(buffer, filled * 2);
    }
    int read = channel.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled));
    filled += Math.max(read, 0);
    return read > 0;
  }
}
