package dev.arcticsynth.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// The elements of an array as lines, some buffers at a time and on demand, so that there is no
/// second copy of the body. Byte for byte but for line ends between tokens.
final class JsonLines implements Iterator<Buffer> {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int BUFFER_BYTES = 64 * 1024;

  private final byte[] body;
  private final int offset;
  private final JsonParser array;
  private int at;
  private int end;

  private JsonLines(byte[] body, int from, int to) {
    this.body = body;
    this.offset = from;
    try {
      this.array = JSON.createParser(body, from, to - from);
      var unused = array.nextToken();
      advance();
    } catch (IOException e) {
      throw readBefore(e);
    }
  }

  /// @param from where the array begins; it was read to its end before
  static Multi<Buffer> ofArray(byte[] body, int from, int to) {
    return Multi.createFrom().iterable(() -> new JsonLines(body, from, to));
  }

  /// One value as a line.
  static Multi<Buffer> ofValue(byte[] body, int from, int to) {
    return Multi.createFrom().deferred(() -> Multi.createFrom().item(line(body, from, to, true)));
  }

  @Override
  public boolean hasNext() {
    return at < end;
  }

  @Override
  public Buffer next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    var lines = Buffer.buffer();
    try {
      while (hasNext() && lines.length() < BUFFER_BYTES) {
        int to = Math.min(end, at + BUFFER_BYTES);
        lines.appendBuffer(line(body, at, to, to == end));
        at = to;
        if (at == end) {
          advance();
        }
      }
    } catch (IOException e) {
      throw readBefore(e);
    }
    return lines;
  }

  private void advance() throws IOException {
    if (array.nextToken() == JsonToken.END_ARRAY) {
      at = end;
      return;
    }
    at = offset + (int) array.currentTokenLocation().getByteOffset();
    array.skipChildren();
    array.finishToken();
    end = offset + (int) array.currentLocation().getByteOffset();
  }

  private static Buffer line(byte[] body, int from, int to, boolean ends) {
    byte[] line = new byte[to - from + (ends ? 1 : 0)];
    for (int i = from; i < to; i++) {
      byte b = body[i];
      line[i - from] = b == '\n' || b == '\r' ? (byte) ' ' : b;
    }
    if (ends) {
      line[to - from] = '\n';
    }
    return Buffer.buffer(line);
  }

  private static UncheckedIOException readBefore(IOException e) {
    return new UncheckedIOException("The array was read before", e);
  }
}
