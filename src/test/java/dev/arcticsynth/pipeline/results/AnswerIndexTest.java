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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerIndexTest {

  private final Partition partition = Partitions.partition("m", 100, 130, 20, 1);
  private final WireId ids = new WireId(partition.id(), partition.ordinal());
  private final Located located = located(partition, gaps(20));

  @TempDir Path folder;

  @Test
  void answers_find_their_places_in_whatever_order_they_come() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      // Given
      var random = new Random(seed);
      var first = new ArrayList<String>();
      var second = new ArrayList<String>();
      Map<Integer, String> expected = new HashMap<>();
      int foreign = 0;
      int broken = 0;
      int repeated = 0;
      for (int place = 0; place < located.count(); place++) {
        String response = "{\"status_code\":200,\"body\":{\"data\":[" + place + "]}}";
        String line = line(id(located.seq(place)), response);
        if (random.nextInt(4) > 0) {
          (random.nextBoolean() ? first : second).add(line);
          expected.put(place, response);
          if (random.nextInt(5) == 0) {
            // The first one read wins; which one that is does not show, they are alike.
            (random.nextBoolean() ? first : second).add(line);
            repeated++;
          }
        }
        if (random.nextInt(6) == 0) {
          first.add(line("foreign-id", response));
          foreign++;
        }
        if (random.nextInt(6) == 0) {
          second.add(line.substring(0, 30));
          broken++;
        }
        if (random.nextInt(6) == 0) {
          second.add(random.nextBoolean() ? "" : "  \r");
        }
      }
      Collections.shuffle(first, random);
      Collections.shuffle(second, random);

      // When
      try (AnswerIndex answerIndex = read(file(first), file(second))) {

        // Then
        assertThat(answerIndex.placed()).as("seed %d", seed).isEqualTo(expected.size());
        assertThat(answerIndex.lines()).isEqualTo(expected.size() + foreign + broken + repeated);
        assertThat(answerIndex.isCut()).isFalse();
        if (foreign + broken + repeated == 0) {
          assertThat(answerIndex.oddities()).isEmpty();
        } else {
          assertThat(answerIndex.oddities())
              .contains("unknown=%d broken=%d repeated=%d".formatted(foreign, broken, repeated));
        }
        for (int place = 0; place < located.count(); place++) {
          assertThat(answerIndex.succeeded(place)).isEqualTo(expected.containsKey(place));
          assertThat(answerIndex.response(place).map(r -> new String(r, UTF_8)).orElse("-"))
              .isEqualTo(expected.getOrDefault(place, "-"));
          if (!expected.containsKey(place)) {
            assertThat(answerIndex.fault(place)).isEqualTo(AnswerLine.Fault.MISSING);
          }
        }
      }
    }
  }

  @Test
  void numbers_that_are_not_in_the_partition_are_foreign() throws IOException {
    // Given (101 is between two requests of the partition)
    List<String> lines =
        List.of(line(id(99), "{}"), line(id(101), "{}"), line(id(4_000_000_000L), "{}"));

    // When
    try (AnswerIndex answerIndex = read(file(lines))) {

      // Then
      assertThat(answerIndex.placed()).isZero();
      assertThat(answerIndex.oddities()).contains("unknown=3 broken=0 repeated=0");
    }
  }

  @Test
  void a_file_that_ends_in_a_line_is_cut_and_what_came_before_counts() throws IOException {
    // Given
    String good = line(id(100), "{\"status_code\":200,\"body\":{\"data\":[1]}}");
    Path cutInLine = write(good + "\n" + good.substring(0, 50));
    Path withoutEnd = write(good);

    // When
    try (AnswerIndex inLine = read(cutInLine);
        AnswerIndex whole = read(withoutEnd)) {

      // Then
      assertThat(inLine.isCut()).isTrue();
      assertThat(inLine.succeeded(0)).isTrue();
      assertThat(inLine.oddities()).contains("unknown=0 broken=1 repeated=0");
      assertThat(whole.isCut()).as("the last line is whole without its end").isFalse();
      assertThat(whole.succeeded(0)).isTrue();
      assertThat(whole.oddities()).isEmpty();
    }
  }

  @Test
  void a_file_tells_how_much_of_it_is_of_the_batch() throws IOException {
    // Given
    String good = line(id(100), "{\"status_code\":200,\"body\":{\"data\":[1]}}");
    Path answers = file(List.of(line("1", "{}"), line("2", "{}"), "[", ""));
    Path refusals = file(List.of(good, good));

    // When
    try (AnswerIndex answerIndex = read(answers, refusals)) {

      // Then
      assertThat(answerIndex.linesOf(0)).isEqualTo(3);
      assertThat(answerIndex.matchedOf(0)).isZero();
      assertThat(answerIndex.strangerOf(0)).contains("1");
      assertThat(answerIndex.linesOf(1)).isEqualTo(2);
      assertThat(answerIndex.matchedOf(1)).isEqualTo(2);
      assertThat(answerIndex.strangerOf(1)).isEmpty();
    }
  }

  @Test
  void empty_files_and_none_at_all_hold_no_answers() throws IOException {
    // When
    try (AnswerIndex empty = read(write(""));
        AnswerIndex none = read()) {

      // Then
      assertThat(empty.lines()).isZero();
      assertThat(empty.isCut()).isFalse();
      assertThat(none.placed()).isZero();
      assertThat(none.succeeded(3)).isFalse();
    }
  }

  @Test
  void a_byte_order_mark_carriage_returns_and_long_lines_do_no_harm() throws IOException {
    // Given
    String big = "{\"status_code\":200,\"body\":{\"data\":[\"" + "é".repeat(200_000) + "\"]}}";
    Path path =
        write(
            "\uFEFF"
                + line(id(located.seq(0)), "{\"status_code\":200,\"body\":{\"data\":[1]}}")
                + "\r\n"
                + line(id(located.seq(1)), big)
                + "\r\n");

    // When
    try (AnswerIndex answerIndex = read(path)) {

      // Then
      assertThat(answerIndex.placed()).isEqualTo(2);
      assertThat(new String(answerIndex.response(0).orElseThrow(), UTF_8))
          .isEqualTo("{\"status_code\":200,\"body\":{\"data\":[1]}}");
      assertThat(new String(answerIndex.response(1).orElseThrow(), UTF_8)).isEqualTo(big);
    }
  }

  @Test
  void tokens_are_added_up_and_a_repeated_answer_is_not_counted_twice() throws IOException {
    // Given
    String answer =
        line(
            id(100),
            "{\"status_code\":200,\"body\":{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}}");

    // When
    try (AnswerIndex answerIndex = read(file(List.of(answer, answer)))) {

      // Then
      assertThat(answerIndex.inputTokens()).isEqualTo(3);
      assertThat(answerIndex.outputTokens()).isEqualTo(4);
    }
  }

  @Test
  void a_bad_answer_keeps_what_the_provider_said() throws IOException {
    // Given
    String response =
        "{\"status_code\":400,\"body\":{\"error\":{\"code\":\"c\",\"message\":\"m\"}}}";

    // When
    try (AnswerIndex answerIndex = read(file(List.of(line(id(100), response))))) {

      // Then
      assertThat(answerIndex.succeeded(0)).isFalse();
      assertThat(answerIndex.fault(0)).isEqualTo(new AnswerLine.Fault("c", "m", false, false));
      assertThat(answerIndex.response(0))
          .hasValueSatisfying(r -> assertThat(new String(r, UTF_8)).isEqualTo(response));
    }
  }

  /// 100, 102, 103, 104 … with a hole behind the first.
  static int[] gaps(int count) {
    int[] offsets = new int[count];
    for (int i = 1; i < count; i++) {
      offsets[i] = i + 1;
    }
    return offsets;
  }

  static Located located(Partition partition, int[] offsets) {
    var requestChunk =
        new RequestChunk(
            new UUID(0, 0),
            0,
            partition.model(),
            partition.endpoint(),
            SequenceSet.of(partition.firstSeq(), offsets),
            0,
            0);
    return Located.range(partition, List.of(requestChunk));
  }

  private String id(long seq) {
    var out = new GrowableBytes(32);
    ids.write(out, seq);
    return out.toString(UTF_8);
  }

  private static String line(String id, String response) {
    return "{\"id\":\"b\",\"custom_id\":\"%s\",\"response\":%s,\"error\":null}"
        .formatted(id, response);
  }

  private Path file(List<String> lines) throws IOException {
    return write(lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "answers", ".jsonl"), text);
  }

  private AnswerIndex read(Path... files) throws IOException {
    return AnswerIndex.read(located, ids, List.of(files));
  }
}
