package dev.arcticsynth.provider.simulator.server;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/// The content of files as faults want it. Reads whole files: those of tests are small.
final class CorruptContent {
  private static final int MEBIBYTE = 1 << 20;
  private static final int BOMB_MEBIBYTES = 64;

  private CorruptContent() {}

  static Buffer read(Path path) {
    try {
      return Buffer.buffer(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long middleOfLine(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(file.length() / 2);
      String line = file.readLine();
      boolean isLast = file.getFilePointer() >= file.length();
      return isLast || line == null ? file.length() - 5 : file.getFilePointer() + 5;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Behind the first byte of one; the middle of the file where all characters are single bytes.
  static long middleOfCharacter(Path path) {
    Buffer content = read(path);
    int middle = content.length() / 2;
    for (int at = middle; at < content.length(); at++) {
      if ((content.getByte(at) & 0xC0) == 0xC0) {
        return at + 1L;
      }
    }
    return middle;
  }

  static Buffer dressed(Path path, boolean byteOrderMark, boolean carriageReturns) {
    String text = read(path).toString(StandardCharsets.UTF_8);
    return Buffer.buffer(
        (byteOrderMark ? "\uFEFF" : "") + (carriageReturns ? text.replace("\n", "\r\n") : text));
  }

  static Buffer bomb() {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      byte[] nothing = new byte[MEBIBYTE];
      for (int n = 0; n < BOMB_MEBIBYTES; n++) {
        out.write(nothing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(packed.toByteArray());
  }
}
