package dev.arcticsynth.pipeline.decode;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.mutiny.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.List;

/// UTF-16 as UTF-8, as spreadsheets and PowerShell write it: with a byte order mark, or known by
/// the zero beside the first character, which in UTF-8 is no text.
final class Utf16Text extends BodyDecoder.Stage {

  private CharsetDecoder decoder = UTF_16LE.newDecoder();
  private byte[] left = {};

  @Override
  int isMine(Buffer head) {
    if (head.length() < 4) {
      return -1;
    }
    int start = head.getInt(0);
    if (start == 0xFFFE0000 || start == 0x0000FEFF) {
      throw new UnreadableBodyException(
          "invalid_text", "the body is UTF-32; save it as UTF-8, for example with iconv");
    }
    int first = start >>> 24;
    int second = start >>> 16 & 0xFF;
    boolean little = first == 0xFF && second == 0xFE || first != 0 && second == 0;
    boolean big = first == 0xFE && second == 0xFF || first == 0 && second != 0;
    Charset charset = big ? UTF_16BE : UTF_16LE;
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    return little || big ? 1 : 0;
  }

  @Override
  Iterable<Buffer> decode(byte[] bytes) {
    var in = ByteBuffer.allocate(left.length + bytes.length).put(left).put(bytes).flip();
    var out = CharBuffer.allocate(in.remaining() / 2 + 1);
    if (decoder.decode(in, out, false).isError()) {
      throw notText();
    }
    left = new byte[in.remaining()];
    in.get(left);
    // The mark becomes one of UTF-8, which is passed over like any.
    var text = UTF_8.encode(out.flip());
    var encoded = new byte[text.remaining()];
    text.get(encoded);
    return encoded.length == 0 ? List.of() : List.of(Buffer.buffer(encoded));
  }

  @Override
  Iterable<Buffer> finish() {
    if (left.length > 0) {
      throw notText();
    }
    return List.of();
  }

  private static UnreadableBodyException notText() {
    return new UnreadableBodyException(
        "invalid_text", "the body begins as UTF-16 and is none; save it as UTF-8");
  }
}
