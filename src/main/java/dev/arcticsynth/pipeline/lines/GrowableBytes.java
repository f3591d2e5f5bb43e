package dev.arcticsynth.pipeline.lines;

import java.io.ByteArrayOutputStream;

/// A growing array whose bytes can be looked at without a copy.
public final class GrowableBytes extends ByteArrayOutputStream {

  public GrowableBytes(int capacity) {
    super(capacity);
  }

  // Not synchronized, unlike the parent's: one thread at a time writes, a byte or a slice at a
  // time.
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void write(byte[] from, int offset, int length) {
    ensure(length);
    System.arraycopy(from, offset, buf, count, length);
    count += length;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public void write(int b) {
    ensure(1);
    buf[count++] = (byte) b;
  }

  @Override
  public void write(byte[] from) {
    write(from, 0, from.length);
  }

  public byte[] array() {
    return buf;
  }

  public int capacity() {
    return buf.length;
  }

  /// Makes the array so long, where it is shorter.
  public void reserve(int capacity) {
    if (buf.length < capacity) {
      buf = java.util.Arrays.copyOf(buf, capacity);
    }
  }

  /// Forgets what was written behind this place.
  public void truncate(int size) {
    count = Math.min(count, size);
  }

  private void ensure(int more) {
    if (buf.length - count < more) {
      int wanted = Math.addExact(count, more);
      buf =
          java.util.Arrays.copyOf(
              buf, Math.max(wanted, (int) Math.min(Integer.MAX_VALUE - 8, buf.length * 2L)));
    }
  }
}
