package dev.arcticsynth.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.body.BusyException;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineBlockSplitterTest {

  private static final int MAX_LINE = 40;
  private static final String CUT = "<cut>";

  @Test
  void however_a_body_is_cut_into_buffers_the_lines_are_the_same() {
    for (long seed = 0; seed < 3_000; seed++) {
      // Given
      var random = new Random(seed);
      byte[] body = randomBody(random);

      // When
      List<String> lines = lines(cut(body, random), MAX_LINE);

      // Then
      assertThat(lines).as("seed %d", seed).isEqualTo(naive(new String(body, UTF_8)));
    }
  }

  @Test
  void blocks_are_whole_lines_of_about_a_mebibyte() {
    // Given
    String line = "x".repeat(999) + "\n";
    byte[] body = line.repeat(5_000).getBytes(UTF_8);

    // When
    List<LineBlock> blocks = blocks(cut(body, new Random(1), 64 * 1024), 1_000, Long.MAX_VALUE);

    // Then
    assertThat(blocks).hasSize(5);
    assertThat(blocks).extracting(LineBlock::index).containsExactly(0, 1, 2, 3, 4);
    assertThat(blocks)
        .allSatisfy(block -> {
          assertThat(block.length() % 1_000).isZero();
          assertThat(block.length()).isLessThan((1 << 20) + 1_000);
        });
    assertThat(blocks.stream().mapToInt(LineBlock::length).sum()).isEqualTo(body.length);
  }

  @Test
  void a_byte_order_mark_is_no_part_of_the_first_line() {
    // Given
    byte[] body = "\uFEFF{}\n{}".getBytes(UTF_8);

    // When
    List<String> whole = lines(List.of(body), MAX_LINE);
    List<String> byteByByte = lines(cut(body, new Random(1), 1), MAX_LINE);

    // Then
    assertThat(whole).containsExactly("{}", "{}");
    assertThat(byteByByte).containsExactly("{}", "{}");
  }

  @Test
  void a_byte_order_mark_alone_holds_no_request() {
    // When
    List<LineBlock> blocks = blocks(List.of("\uFEFF".getBytes(UTF_8)), MAX_LINE, 100);

    // Then
    assertThat(blocks)
        .allSatisfy(
            block -> assertThat(new String(block.bytes(), 0, block.length(), UTF_8)).isBlank());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LONG\na\nb\n",
        "a\nLONG\nb\n",
        "a\nb\nLONG\n",
        "a\nb\nLONG",
        "LONG",
        "LONG\nLONG\n"
      })
  void a_line_over_the_limit_counts_as_a_line_wherever_it_stands(String shape) {
    // Given
    String body = shape.replace("LONG", "y".repeat(MAX_LINE + 1));
    String expected = shape.replace("LONG", CUT);

    // When
    List<String> whole = lines(List.of(body.getBytes(UTF_8)), MAX_LINE);
    List<String> byteByByte = lines(cut(body.getBytes(UTF_8), new Random(1), 1), MAX_LINE);

    // Then
    assertThat(whole).containsExactly(expected.split("\n"));
    assertThat(byteByByte).containsExactly(expected.split("\n"));
  }

  @Test
  void a_line_as_long_as_the_limit_is_taken() {
    // Given
    String line = "z".repeat(MAX_LINE);

    // When
    List<String> lines = lines(List.of((line + "\n" + line).getBytes(UTF_8)), MAX_LINE);

    // Then
    assertThat(lines).containsExactly(line, line);
  }

  @Test
  void a_line_without_end_costs_no_memory() {
    // Given (a gibibyte of one line, the same buffer again and again)
    byte[] buffer = "w".repeat(1 << 20).getBytes(UTF_8);
    var buffers = Multi.createFrom().range(0, 1024).map(i -> Buffer.buffer(buffer));

    // When
    List<LineBlock> blocks =
        new LineBlockSplitter(1 << 20, Long.MAX_VALUE, new BodyMemory(Long.MAX_VALUE).open())
            .of(buffers)
            .collect()
            .asList()
            .await()
            .indefinitely();

    // Then
    assertThat(blocks).hasSize(1);
    assertThat(blocks.getFirst().cut()).isTrue();
    assertThat(blocks.getFirst().length()).isZero();
  }

  @Test
  void memory_grows_with_what_has_arrived() {
    // Given
    var memory = new BodyMemory(1 << 30);
    var splitter = new LineBlockSplitter(1 << 24, Long.MAX_VALUE, memory.open());
    var seen = new ArrayList<Long>();

    // When
    var buffers =
        Multi.createFrom()
            .items("{\"a\":1}\n", "x".repeat(100_000), "x".repeat(1_000_000))
            .invoke(buffer -> seen.add(memory.inUse()))
            .map(Buffer::buffer);
    List<LineBlock> blocks = splitter.of(buffers).collect().asList().await().indefinitely();

    // Then
    assertThat(seen.get(0)).isZero();
    assertThat(seen.get(1)).isZero();
    assertThat(seen.get(2)).isBetween(90_000L, 220_000L);
    assertThat(memory.inUse()).isBetween(1_000_000L, 2_300_000L);
    assertThat(memory.inUse()).isEqualTo(blocks.getFirst().counted());
  }

  @Test
  void a_body_for_which_there_is_no_memory_is_refused() {
    // Given
    var memory = new BodyMemory(1_000_000);
    var splitter = new LineBlockSplitter(1 << 24, Long.MAX_VALUE, memory.open());
    var body = Multi.createFrom().range(0, 100).map(i -> Buffer.buffer("z".repeat(10_000)));

    // When
    var blocks = splitter.of(body).collect().asList();

    // Then
    assertThatThrownBy(() -> blocks.await().indefinitely()).isInstanceOf(BusyException.class);
  }

  @Test
  void a_body_as_long_as_the_limit_is_taken_and_a_byte_more_is_not() {
    // Given
    byte[] body = "a\n".repeat(50).getBytes(UTF_8);

    // When
    List<LineBlock> taken = blocks(List.of(body), MAX_LINE, 100);

    // Then
    assertThat(taken).hasSize(1);
    assertThatThrownBy(() -> blocks(cut(body, new Random(3), 7), MAX_LINE, 99))
        .isInstanceOf(BodyTooLargeException.class)
        .hasMessageContaining("99 bytes");
  }

  @Test
  void an_empty_body_has_no_block() {
    // When
    List<LineBlock> none = blocks(List.of(), MAX_LINE, 100);
    List<LineBlock> empty = blocks(List.of(new byte[0], new byte[0]), MAX_LINE, 100);

    // Then
    assertThat(none).isEmpty();
    assertThat(empty).isEmpty();
  }

  private static byte[] randomBody(Random random) {
    var body = new StringBuilder();
    int lines = random.nextInt(12);
    for (int i = 0; i < lines; i++) {
      int length = random.nextInt(4) == 0 ? MAX_LINE - 2 + random.nextInt(5) : random.nextInt(10);
      body.append("q".repeat(length)).append(random.nextInt(5) == 0 ? "\r" : "");
      if (i < lines - 1 || random.nextBoolean()) {
        body.append('\n');
      }
    }
    return body.toString().getBytes(UTF_8);
  }

  private static List<String> naive(String body) {
    var lines = new ArrayList<String>();
    for (String line : body.split("\n", -1)) {
      lines.add(line.length() > MAX_LINE ? CUT : line);
    }
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  private static List<byte[]> cut(byte[] body, Random random) {
    return cut(body, random, 1 + random.nextInt(30));
  }

  private static List<byte[]> cut(byte[] body, Random random, int most) {
    var buffers = new ArrayList<byte[]>();
    for (int at = 0; at < body.length; ) {
      int size = Math.min(body.length - at, most == 1 ? 1 : random.nextInt(most + 1));
      buffers.add(java.util.Arrays.copyOfRange(body, at, at + size));
      at += size;
    }
    return buffers;
  }

  private static List<LineBlock> blocks(List<byte[]> buffers, int maxLine, long maxBytes) {
    return new LineBlockSplitter(maxLine, maxBytes, new BodyMemory(Long.MAX_VALUE).open())
        .of(Multi.createFrom().iterable(buffers).map(Buffer::buffer))
        .collect()
        .asList()
        .await()
        .indefinitely();
  }

  private static List<String> lines(List<byte[]> buffers, int maxLine) {
    var lines = new ArrayList<String>();
    for (LineBlock block : blocks(buffers, maxLine, Long.MAX_VALUE)) {
      var line = new ByteArrayOutputStream();
      for (int at = 0; at < block.length(); at++) {
        if (block.bytes()[at] == '\n') {
          lines.add(line.toString(UTF_8));
          line.reset();
        } else {
          line.write(block.bytes()[at]);
        }
      }
      assertThat(line.size()).as("a block ends with a line's end").isZero();
      if (block.cut()) {
        lines.add(CUT);
      }
    }
    return lines;
  }
}
