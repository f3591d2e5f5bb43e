package dev.arcticsynth.provider.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks a body of gzip or deflate that comes in parts, a portion of bounded size at a time.
/// Serves one body, and is closed with it.
final class Inflation implements AutoCloseable {

  private static final int PORTION = 64 << 10;
  private static final int MAX_HEAD = 64 << 10;

  /// A body that grows to more than this, and by more than that, was made to fill a disk: answers
  /// are packed to a hundredth at best.
  private static final long HARMLESS = 32L << 20;

  private static final long MAX_GROWTH = 400;

  private final boolean isGzip;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final CRC32 crc = new CRC32();
  private Inflater inflater = new Inflater(true);
  private Stage stage = Stage.HEAD;
  private byte[] part = {};
  private int from;
  private long taken;
  private long given;

  private enum Stage {
    HEAD,
    BODY,
    TRAILER,
    /// A member is complete; another one may follow.
    OVER,
    /// What follows is padding.
    REST
  }

  Inflation(boolean isGzip) {
    this.isGzip = isGzip;
  }

  /// The body is not what it says to be.
  static final class CorruptBodyException extends RuntimeException {
    CorruptBodyException(String why) {
      super(why);
    }
  }

  /// Takes the next part; its portions are to be taken before the one after it.
  void put(byte[] next) {
    part = next;
    from = 0;
    taken += next.length;
  }

  /// The next portion of what was put in; empty when all of it is used up.
  Optional<byte[]> portion() {
    while (from < part.length || stage == Stage.BODY && !inflater.needsInput()) {
      switch (stage) {
        case HEAD -> head();
        case BODY -> {
          Optional<byte[]> portion = body();
          if (portion.isPresent()) {
            return portion;
          }
        }
        case TRAILER -> trailer();
        case OVER -> {
          boolean isAnother = isGzip && part[from] == 0x1f;
          stage = isAnother ? Stage.HEAD : Stage.REST;
        }
        case REST -> from = part.length;
      }
    }
    return Optional.empty();
  }

  /// Whether the body may end here. One of no bytes at all is empty.
  boolean isComplete() {
    return stage == Stage.OVER || stage == Stage.REST || taken == 0;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private void head() {
    held.write(part, from, part.length - from);
    from = part.length;
    byte[] bytes = held.toByteArray();
    int length = isGzip ? gzipHead(bytes) : zlibHead(bytes);
    if (length < 0) {
      if (bytes.length > MAX_HEAD) {
        throw new CorruptBodyException("the head of its compressed body has no end");
      }
      return;
    }
    held.reset();
    part = Arrays.copyOfRange(bytes, length, bytes.length);
    from = 0;
    stage = Stage.BODY;
  }

  /// Some servers send the bare deflate format, without the two bytes before it.
  private int zlibHead(byte[] bytes) {
    if (bytes.length < 2) {
      return -1;
    }
    int word = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    if ((bytes[0] & 0x0f) == 8 && word % 31 == 0) {
      inflater.end();
      inflater = new Inflater(false);
    }
    return 0;
  }

  /// RFC 1952; -1 while it is not complete.
  private static int gzipHead(byte[] bytes) {
    if (bytes.length >= 1 && (bytes[0] & 0xff) != 0x1f
        || bytes.length >= 2 && (bytes[1] & 0xff) != 0x8b
        || bytes.length >= 3 && bytes[2] != 8) {
      throw new CorruptBodyException("its body is not compressed by gzip as it says");
    }
    if (bytes.length < 10) {
      return -1;
    }
    int flags = bytes[3];
    int at = 10;
    if ((flags & 4) != 0) {
      if (bytes.length < at + 2) {
        return -1;
      }
      at += 2 + ((bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8);
    }
    for (int flag = 8; flag <= 16; flag *= 2) {
      if ((flags & flag) != 0) {
        while (at < bytes.length && bytes[at] != 0) {
          at++;
        }
        at++;
      }
    }
    at += (flags & 2) != 0 ? 2 : 0;
    return at <= bytes.length ? at : -1;
  }

  private Optional<byte[]> body() {
    if (inflater.needsInput() && from < part.length) {
      inflater.setInput(part, from, part.length - from);
      from = part.length;
    }
    byte[] portion = new byte[PORTION];
    int length;
    try {
      length = inflater.inflate(portion);
    } catch (DataFormatException corrupt) {
      throw new CorruptBodyException("its compressed body is damaged");
    }
    crc.update(portion, 0, length);
    given += length;
    if (given > HARMLESS && given > taken * MAX_GROWTH) {
      throw new CorruptBodyException(
          "its compressed body grows to more than %d times its size".formatted(MAX_GROWTH));
    }
    if (inflater.needsDictionary()) {
      throw new CorruptBodyException("its compressed body needs a dictionary");
    }
    if (inflater.finished()) {
      from = part.length - inflater.getRemaining();
      stage = isGzip ? Stage.TRAILER : Stage.OVER;
    }
    return length == 0 ? Optional.empty() : Optional.of(Arrays.copyOf(portion, length));
  }

  private void trailer() {
    int some = Math.min(8 - held.size(), part.length - from);
    held.write(part, from, some);
    from += some;
    if (held.size() < 8) {
      return;
    }
    ByteBuffer trailer = ByteBuffer.wrap(held.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (trailer.getInt() != (int) crc.getValue()
        || trailer.getInt() != (int) inflater.getBytesWritten()) {
      throw new CorruptBodyException("its compressed body is damaged");
    }
    held.reset();
    crc.reset();
    inflater.reset();
    stage = Stage.OVER;
  }
}
