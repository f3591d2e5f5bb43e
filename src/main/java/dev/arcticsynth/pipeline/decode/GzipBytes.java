package dev.arcticsynth.pipeline.decode;

import io.vertx.mutiny.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Decompresses gzip (RFC 1952), also several members one after another. The JDK's own stream waits
/// for its input, which an event loop must not.
final class GzipBytes extends BodyDecoder.Stage {

  private static final int OUTPUT = 16 * 1024;
  private static final int FIXED_HEADER = 10;
  private static final int TRAILER = 8;

  /// A file's name and comment are in it; more than this is an attack.
  private static final int LONGEST_HEADER = 8 * 1024;

  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private enum Part {
    HEADER,
    DATA,
    TRAILER
  }

  private Part part = Part.HEADER;
  private byte[] input = {};
  private int at;
  private boolean seenOne;
  private @Nullable Inflater inflater;
  private final CRC32 checksum = new CRC32();

  @Override
  int isMine(Buffer head) {
    if (head.length() < 4) {
      return -1;
    }
    int start = head.getInt(0);
    if (start == 0x28B52FFD || start == 0x04224D18 || start == 0x504B0304) {
      throw damaged(
          "the body is compressed with %s; decompress it, or use gzip"
              .formatted(start == 0x504B0304 ? "zip" : start == 0x28B52FFD ? "zstd" : "lz4"));
    }
    return start >>> 16 == 0x1F8B ? 1 : 0;
  }

  @Override
  Iterable<Buffer> decode(byte[] bytes) {
    byte[] left = Arrays.copyOfRange(input, at, input.length + bytes.length);
    System.arraycopy(bytes, 0, left, input.length - at, bytes.length);
    input = left;
    at = 0;
    return Output::new;
  }

  @Override
  Iterable<Buffer> finish() {
    if (part != Part.HEADER || at < input.length && !isPadding()) {
      throw damaged("the gzip data ends too early: the body is not complete");
    }
    return List.of();
  }

  /// What can be made of the bytes that have come.
  private final class Output implements Iterator<Buffer> {
    private @Nullable Buffer next;

    @Override
    public boolean hasNext() {
      if (next == null) {
        next = output();
      }
      return next != null;
    }

    @Override
    public Buffer next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Buffer found = next;
      next = null;
      return java.util.Objects.requireNonNull(found);
    }
  }

  private @Nullable Buffer output() {
    while (true) {
      switch (part) {
        case HEADER -> {
          if (at == input.length || seenOne && isPadding() || !skipHeader()) {
            return null;
          }
          inflater = new Inflater(true);
          checksum.reset();
          part = Part.DATA;
        }
        case DATA -> {
          Buffer inflated = inflate(java.util.Objects.requireNonNull(inflater));
          if (inflated != null || part == Part.DATA) {
            return inflated;
          }
        }
        case TRAILER -> {
          if (!endMember()) {
            return null;
          }
        }
      }
    }
  }

  private @Nullable Buffer inflate(Inflater inflater) {
    inflater.setInput(input, at, input.length - at);
    byte[] out = new byte[OUTPUT];
    try {
      int length = inflater.inflate(out);
      at = input.length - inflater.getRemaining();
      checksum.update(out, 0, length);
      if (inflater.finished()) {
        part = Part.TRAILER;
      }
      return length == 0 ? null : Buffer.buffer(Arrays.copyOf(out, length));
    } catch (DataFormatException e) {
      release();
      throw damaged("the gzip data is damaged");
    }
  }

  /// False where more of it must come.
  private boolean skipHeader() {
    int end = at + FIXED_HEADER;
    if (input.length < end) {
      return false;
    }
    if ((input[at] & 0xFF) != 0x1F || (input[at + 1] & 0xFF) != 0x8B || input[at + 2] != 8) {
      throw damaged("there is something else behind the gzip data");
    }
    int flags = input[at + 3];
    if ((flags & HAS_EXTRA) != 0) {
      end = input.length < end + 2 ? input.length + 1 : end + 2 + shortAt(end);
    }
    end = (flags & HAS_NAME) != 0 ? behindZero(end) : end;
    end = (flags & HAS_COMMENT) != 0 ? behindZero(end) : end;
    end += (flags & HAS_CHECKSUM) != 0 ? 2 : 0;
    if (end > input.length) {
      if (input.length - at > LONGEST_HEADER) {
        throw damaged("the gzip header is too long");
      }
      return false;
    }
    at = end;
    return true;
  }

  private int behindZero(int from) {
    for (int i = from; i < input.length; i++) {
      if (input[i] == 0) {
        return i + 1;
      }
    }
    return input.length + 1;
  }

  private boolean endMember() {
    if (input.length - at < TRAILER) {
      return false;
    }
    long expected = shortAt(at) | (long) shortAt(at + 2) << 16;
    if (expected != checksum.getValue()) {
      release();
      throw damaged("the gzip data is damaged: its checksum does not agree");
    }
    at += TRAILER;
    release();
    seenOne = true;
    part = Part.HEADER;
    return true;
  }

  private int shortAt(int index) {
    return input[index] & 0xFF | (input[index + 1] & 0xFF) << 8;
  }

  /// Some programs fill the last block with zeros.
  private boolean isPadding() {
    for (int i = at; i < input.length; i++) {
      if (input[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  void close() {
    release();
  }

  /// Its memory is not the heap's.
  private void release() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }

  private static UnreadableBodyException damaged(String detail) {
    return new UnreadableBodyException("invalid_compression", detail);
  }
}
