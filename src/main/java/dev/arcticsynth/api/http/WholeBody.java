package dev.arcticsynth.api.http;

import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.ingest.BodyTooLargeException;
import java.util.Arrays;

/// A body in memory. The array doubles as bytes arrive, up to the limit, and is counted before it
/// is made: both are there while the bytes are copied.
final class WholeBody {

  private final int maxBytes;
  private final BodyMemory.Share share;
  private byte[] bytes = new byte[BodyMemory.UNCOUNTED];
  private int size;

  WholeBody(int maxBytes, BodyMemory.Share share) {
    this.maxBytes = maxBytes;
    this.share = share;
  }

  /// Fails with [BodyTooLargeException] or [BusyException].
  void add(byte[] more) {
    if (size + more.length > maxBytes) {
      throw new BodyTooLargeException(maxBytes);
    }
    if (size + more.length > bytes.length) {
      resize((int) Math.min(Math.max(size + more.length, bytes.length * 2L), maxBytes));
    }
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  /// All of it, and nothing else.
  byte[] bytes() {
    if (size > BodyMemory.UNCOUNTED) {
      resize(size);
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void resize(int capacity) {
    if (capacity != bytes.length) {
      int before = bytes.length;
      share.grow(capacity);
      bytes = Arrays.copyOf(bytes, capacity);
      share.shrink(before);
    }
  }
}
