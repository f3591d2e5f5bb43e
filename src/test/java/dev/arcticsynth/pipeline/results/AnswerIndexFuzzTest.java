package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.WireId;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.Partitions;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Files of answers that are corrupt: nothing is thrown, nothing is placed where it does not
/// belong, and what is whole is kept.
class AnswerIndexFuzzTest {

  private static final int REQUESTS = 12;

  /// Pieces that have broken parsers before.
  private static final List<String> NASTY =
      List.of(
          "\\u0000",
          "\\ud800",
          "\\udc00\\ud800",
          "\u0000",
          "\uFEFF",
          "\r",
          "\r\n",
          "\n",
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          "null",
          "1e1000000000",
          "-",
          "custom_id",
          "\"custom_id\":\"\",",
          "é",
          "😀");

  private final Partition partition = Partitions.partition("m", 7, 6 + REQUESTS, REQUESTS, 1);
  private final WireId ids = new WireId(partition.id(), partition.ordinal());
  private final Located located =
      Located.range(
          partition,
          List.of(
              new RequestChunk(
                  new UUID(0, 0),
                  0,
                  "m",
                  partition.endpoint(),
                  SequenceSet.range(7, REQUESTS),
                  0,
                  0)));

  @Property(tries = 3_000, seed = "20261123")
  void a_corrupt_line_is_read_or_left_out_and_never_throws(@ForAll long luck) {
    // Given
    var random = new Random(luck);
    byte[] line = corrupt(line(ids, 7, "ok"), random);

    // When
    var read = AnswerLine.read(line, line.length);

    // Then: whatever id it has, it is one of ours or unknown
    assertThat(read.stream().flatMap(answer -> ids.read(answer.wireId()).stream().boxed()))
        .allSatisfy(seq -> assertThat(seq).isEqualTo(7));
    read.ifPresent(answer -> {
      var spans = new int[4];
      answer.copySpans(spans, 0);
      assertThat(spans[0] + spans[1]).isBetween(0, line.length);
      assertThat(spans[2] + spans[3]).isBetween(0, line.length);
    });
  }

  @Property(tries = 1_000, seed = "20261123")
  void whole_lines_among_corrupt_ones_are_placed_and_nothing_else(@ForAll long luck)
      throws IOException {
    // Given
    var random = new Random(luck);
    var foreign = new WireId(new UUID(luck, 5), partition.ordinal());
    var file = new GrowableBytes(4_096);
    var whole = new ArrayList<Integer>();
    for (int place = 0; place < REQUESTS; place++) {
      byte[] line = line(ids, 7 + place, "answer " + place);
      switch (random.nextInt(4)) {
        case 0 -> file.write(withoutId(line, random));
        case 1 -> file.write(line(foreign, 7 + place, "of another partition"));
        case 2 -> file.write(Arrays.copyOf(line, random.nextInt(line.length)));
        default -> {
          file.write(line);
          whole.add(place);
        }
      }
      file.write('\n');
    }
    Path path = Files.createTempFile("hostile", ".jsonl");
    try {
      var _ = Files.write(path, file.toByteArray());

      // When
      try (AnswerIndex answerIndex = AnswerIndex.read(located, ids, List.of(path))) {

        // Then
        for (int place = 0; place < REQUESTS; place++) {
          assertThat(answerIndex.succeeded(place))
              .as("place %d", place)
              .isEqualTo(whole.contains(place));
        }
        assertThat(whole)
            .allSatisfy(place ->
                assertThat(new String(answerIndex.response(place).orElseThrow(), UTF_8))
                    .contains("answer " + place));
        assertThat(answerIndex.isCut()).isFalse();
      }
    } finally {
      Files.delete(path);
    }
  }

  private static byte[] line(WireId ids, long seq, String says) {
    var id = new GrowableBytes(32);
    ids.write(id, seq);
    return "{\"id\":\"b\",\"custom_id\":\"%s\",\"response\":{\"status_code\":200,\"body\":{\"says\":\"%s\",\"data\":[1]}},\"error\":null}"
        .formatted(id.toString(UTF_8), says)
        .getBytes(UTF_8);
  }

  /// Some bytes changed, cut out, or something nasty put in.
  private static byte[] corrupt(byte[] line, Random random) {
    byte[] corrupt = line;
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(Math.max(1, corrupt.length));
      byte[] before = Arrays.copyOf(corrupt, Math.min(at, corrupt.length));
      byte[] after = Arrays.copyOfRange(corrupt, Math.min(at, corrupt.length), corrupt.length);
      byte[] between =
          switch (random.nextInt(3)) {
            case 0 -> NASTY.get(random.nextInt(NASTY.size())).getBytes(UTF_8);
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            default -> new byte[0];
          };
      int cut = random.nextBoolean() ? Math.min(after.length, random.nextInt(6)) : 0;
      var all = new GrowableBytes(line.length + 32);
      all.write(before);
      all.write(between);
      all.write(Arrays.copyOfRange(after, cut, after.length));
      corrupt = all.toByteArray();
    }
    return corrupt;
  }

  /// Corrupt in its id, so that it cannot be ours.
  private static byte[] withoutId(byte[] line, Random random) {
    byte[] corrupt = line.clone();
    int at = "{\"id\":\"b\",\"custom_id\":\"".length() + random.nextInt(WireId.LENGTH);
    corrupt[at] = (byte) (corrupt[at] == 'x' ? 'y' : 'x');
    return corrupt;
  }
}
