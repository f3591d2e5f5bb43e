package dev.arcticsynth.provider.simulator.run;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Writes a file in large blocks, and numbers without making objects of them.
final class BlockWriter implements AutoCloseable {
  private static final int BLOCK = 1 << 20;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final FileChannel channel;
  private final byte[] block = new byte[BLOCK];
  private final byte[] digits = new byte[20];
  private int filled;
  private long flushed;

  BlockWriter(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @CanIgnoreReturnValue
  BlockWriter put(byte[] bytes) throws IOException {
    return put(bytes, 0, bytes.length);
  }

  @CanIgnoreReturnValue
  BlockWriter put(byte[] bytes, int from, int length) throws IOException {
    if (length > BLOCK - filled) {
      flush();
      if (length > BLOCK) {
        write(ByteBuffer.wrap(bytes, from, length));
        return this;
      }
    }
    System.arraycopy(bytes, from, block, filled, length);
    filled += length;
    return this;
  }

  @CanIgnoreReturnValue
  BlockWriter decimal(long value) throws IOException {
    int at = digits.length;
    long left = value;
    do {
      digits[--at] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    return put(digits, at, digits.length - at);
  }

  @CanIgnoreReturnValue
  BlockWriter hex(long value) throws IOException {
    for (int i = 0; i < 16; i++) {
      digits[i] = HEX[(int) (value >>> (60 - 4 * i)) & 0xF];
    }
    return put(digits, 0, 16);
  }

  long written() {
    return flushed + filled;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      flush();
    }
  }

  private void flush() throws IOException {
    write(ByteBuffer.wrap(block, 0, filled));
    filled = 0;
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      flushed += channel.write(bytes);
    }
  }
}
