package dev.arcticsynth.pipeline.decode;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BodyDecoderTest {

  private static final String LINES = "{\"a\":\"é 😀 \\\" ] , [ \\\\\"}\n{\"b\":[1,{\"c\":[]}]}\n";
  private static final String ARRAY =
      "\n [{\"a\":\"é 😀 \\\" ] , [ \\\\\"},{\"b\":[1,{\"c\":[]}]}]\r\n ";

  static List<Arguments> forms() throws IOException {
    return List.of(
        form("lines", LINES.getBytes(UTF_8)),
        form("lines with a mark", text("\uFEFF" + LINES, UTF_8), "\uFEFF" + LINES),
        form("UTF-16", text("\uFEFF" + LINES, UTF_16LE), "\uFEFF" + LINES),
        form("UTF-16, big end first", text("\uFEFF" + LINES, UTF_16BE), "\uFEFF" + LINES),
        form("UTF-16 without a mark", text(LINES, UTF_16LE)),
        form("UTF-16, big end first, without a mark", text(LINES, UTF_16BE)),
        form("gzip", gzip(LINES.getBytes(UTF_8))),
        form("gzip in members", joined(gzip(text("{\"a\":\"é 😀 ", UTF_8)), gzip(tail()))),
        form("gzip with zeros behind it", joined(gzip(text(LINES, UTF_8)), new byte[500])),
        form("an array", text(ARRAY, UTF_8)),
        form("an array with a mark", text("\uFEFF" + ARRAY, UTF_8)),
        form("an array in UTF-16 in gzip", gzip(text("\uFEFF" + ARRAY, UTF_16LE))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void lines_come_in_many_forms_and_in_any_buffers(String what, byte[] body, String expected) {
    for (long seed = 0; seed < 60; seed++) {
      // When
      String lines = decoded(cut(body, new Random(seed)));

      // Then
      assertThat(lines).as("%s, seed %d", what, seed).isEqualTo(expected);
    }
  }

  @Test
  void elements_over_several_lines_become_one_line_each() {
    // Given
    byte[] body = text("[\n  {\n    \"a\": 1\n  },\n  {\n  }\n]\n", UTF_8);

    // When
    String lines = decoded(List.of(body));

    // Then
    assertThat(lines.lines()).hasSize(2);
    assertThat(lines.replace(" ", "")).isEqualTo("{\"a\":1}\n{}\n");
  }

  @Test
  void an_empty_array_and_a_short_body_are_what_they_are() {
    assertThat(decoded(List.of(text("[]", UTF_8))).strip()).isEmpty();
    assertThat(decoded(List.of(text("{}", UTF_8)))).isEqualTo("{}");
    assertThat(decoded(List.of())).isEmpty();
  }

  static List<Arguments> broken() throws IOException {
    byte[] gzip = gzip(text(LINES, UTF_8));
    byte[] flipped = gzip.clone();
    flipped[gzip.length - 6] ^= 1;
    byte[] garbled = gzip.clone();
    Arrays.fill(garbled, 10, 20, (byte) 0xFF);
    return List.of(
        broken("cut gzip", Arrays.copyOf(gzip, gzip.length - 9), "not complete"),
        broken("gzip without its last bytes", Arrays.copyOf(gzip, gzip.length - 1), "complete"),
        broken("cut in the header", Arrays.copyOf(gzip, 8), "not complete"),
        broken("gzip with another checksum", flipped, "checksum"),
        broken("garbled gzip", garbled, "damaged"),
        broken("gzip and something else", joined(gzip, text("{\"a\":1}\n   ", UTF_8)), "behind"),
        broken("zstd", new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0}, "zstd"),
        broken("zip", new byte[] {'P', 'K', 3, 4, 0}, "zip"),
        broken("UTF-32", text("\uFEFF" + LINES, Charset.forName("UTF-32LE")), "UTF-32"),
        broken("half a character of UTF-16", Arrays.copyOf(text(LINES, UTF_16LE), 9), "UTF-16"),
        broken("a lone surrogate in UTF-16", text("{}", UTF_16LE, 0xD800, 'x'), "UTF-16"),
        broken("an array without end", text("[{},{}", UTF_8), "no end"),
        broken("something behind an array", text("[{}]{}", UTF_8), "behind"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void what_cannot_be_read_is_named(String what, byte[] body, String named) {
    assertThatThrownBy(() -> decoded(List.of(body)))
        .as(what)
        .isInstanceOf(UnreadableBodyException.class)
        .hasMessageContaining(named);
  }

  @Test
  void a_bomb_is_blown_up_on_demand_and_no_further() throws IOException {
    // Given (a hundred MiB in a hundred kilobytes)
    byte[] bomb = gzip(new byte[100 << 20]);
    var made = new AtomicLong();

    // When
    long largest =
        BodyDecoder.text(Multi.createFrom().item(Buffer.buffer(bomb)))
            .map(Buffer::length)
            .invoke(made::addAndGet)
            .select()
            .first(100)
            .collect()
            .asList()
            .await()
            .indefinitely()
            .stream()
            .mapToInt(Integer::intValue)
            .max()
            .orElseThrow();

    // Then
    assertThat(largest).isLessThanOrEqualTo(16 * 1024);
    assertThat(made.get()).isLessThan(4 << 20);
  }

  private static byte[] tail() {
    return text(LINES.substring("{\"a\":\"é 😀 ".length()), UTF_8);
  }

  private static Arguments form(String what, byte[] body) {
    return form(what, body, LINES);
  }

  private static Arguments form(String what, byte[] body, String expected) {
    return Arguments.of(what, body, expected);
  }

  private static Arguments broken(String what, byte[] body, String named) {
    return Arguments.of(what, body, named);
  }

  private static byte[] text(String text, Charset charset, int... more) {
    var all = new StringBuilder(text);
    for (int unit : more) {
      all.append((char) unit);
    }
    var bytes = new ByteArrayOutputStream();
    if (charset.equals(UTF_16LE) && more.length > 0) {
      all.chars()
          .forEach(unit -> {
            bytes.write(unit);
            bytes.write(unit >> 8);
          });
      return bytes.toByteArray();
    }
    return all.toString().getBytes(charset);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  private static List<byte[]> cut(byte[] body, Random random) {
    var buffers = new ArrayList<byte[]>();
    int most = 1 + random.nextInt(body.length);
    for (int at = 0; at < body.length; ) {
      int size = Math.min(body.length - at, 1 + random.nextInt(most));
      buffers.add(Arrays.copyOfRange(body, at, at + size));
      at += size;
    }
    return buffers;
  }

  private static String decoded(List<byte[]> buffers) {
    var all = Buffer.buffer();
    BodyDecoder.lines(Multi.createFrom().iterable(buffers).map(Buffer::buffer))
        .invoke(all::appendBuffer)
        .collect()
        .asList()
        .await()
        .indefinitely();
    return all.toString(UTF_8);
  }
}
