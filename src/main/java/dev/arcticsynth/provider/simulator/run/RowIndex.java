package dev.arcticsynth.provider.simulator.run;

import dev.arcticsynth.provider.simulator.run.RowParser.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Where the rows of an input are, so that they can be answered in any order without being parsed
/// again: four numbers a row.
final class RowIndex {
  private static final int CELLS = 4;

  private long[] cells;
  private int size;

  RowIndex() {
    this(new long[CELLS << 10], 0);
  }

  private RowIndex(long[] cells, int size) {
    this.cells = cells;
    this.size = size;
  }

  void add(long offset, Span customId, Span prompt, int inputs) {
    int at = size * CELLS;
    if (at == cells.length) {
      cells = Arrays.copyOf(cells, at * 2);
    }
    cells[at] = offset;
    cells[at + 1] = pack(customId);
    cells[at + 2] = pack(prompt);
    cells[at + 3] = inputs;
    size++;
  }

  int size() {
    return size;
  }

  long customIdAt(int row) {
    return cells[row * CELLS] + (cells[row * CELLS + 1] >>> 32);
  }

  int customIdLength(int row) {
    return (int) cells[row * CELLS + 1];
  }

  long promptAt(int row) {
    return cells[row * CELLS] + (cells[row * CELLS + 2] >>> 32);
  }

  int promptLength(int row) {
    return (int) cells[row * CELLS + 2];
  }

  int inputs(int row) {
    return (int) cells[row * CELLS + 3];
  }

  void write(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size * CELLS * Long.BYTES);
    bytes.asLongBuffer().put(cells, 0, size * CELLS);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
    }
  }

  static RowIndex read(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        continue;
      }
      long[] cells = new long[bytes.capacity() / Long.BYTES];
      bytes.flip().asLongBuffer().get(cells);
      return new RowIndex(cells, cells.length / CELLS);
    }
  }

  private static long pack(Span span) {
    return ((long) span.at() << 32) | span.length();
  }
}
