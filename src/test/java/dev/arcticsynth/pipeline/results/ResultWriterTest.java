package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.pipeline.lines.WireId;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.Partitions;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.payload.Publication;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestOutcome;
import dev.arcticsynth.task.payload.ResultChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultWriterTest {

  private static final String OK = "{\"status_code\":200,\"body\":{\"data\":[%d]}}";
  private static final String REFUSED =
      "{\"status_code\":400,\"body\":{\"error\":{\"code\":\"bad\",\"message\":\"why\"}}}";
  private static final String BUSY =
      "{\"status_code\":429,\"body\":{\"error\":{\"code\":\"busy\",\"message\":\"later\"}}}";

  @TempDir Path folder;

  @Test
  void every_request_gets_a_line_or_an_outcome_in_input_order() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      // Given
      var random = new Random(seed);
      boolean ownIds = random.nextBoolean();
      int count = 1 + random.nextInt(60);
      Partition partition = Partitions.partition("m", 50, 49 + 2L * count, count, 1);
      List<Stored> stored = stored(partition, random, ownIds);
      var lines = new ArrayList<String>();
      var expected = new ArrayList<String>();
      var fates = new ArrayList<Long>();
      for (Stored chunk : stored) {
        for (int i = 0; i < chunk.requestChunk().seqs().count(); i++) {
          long seq = chunk.requestChunk().seqs().at(i);
          if (random.nextInt(4) == 0) {
            fates.add(seq);
            if (random.nextBoolean()) {
              lines.add(line(partition, seq, random.nextBoolean() ? REFUSED : BUSY));
            }
          } else {
            lines.add(line(partition, seq, OK.formatted(seq)));
            expected.add(
                "{\"id\":\"b\",\"custom_id\":\"%s\",\"response\":%s,\"error\":null}"
                    .formatted(ownIds ? "own-" + seq : "t_" + seq, OK.formatted(seq)));
          }
        }
      }
      Collections.shuffle(lines, random);

      // When
      Written written = write(Partitions.running("t", count, ownIds), partition, stored, lines);

      // Then
      assertThat(written.lines()).as("seed %d", seed).isEqualTo(expected);
      assertThat(written.publication().unanswered())
          .extracting(RequestOutcome::seq)
          .isEqualTo(fates);
      assertThat(written.numbers()).hasSameSizeAs(expected).isSorted();
      assertThat(written.numbers()).filteredOn(fates::contains).isEmpty();
    }
  }

  @Test
  void chunks_are_about_a_mebibyte_and_know_their_numbers() throws IOException {
    // Given
    int count = 3_000;
    Partition partition = Partitions.partition("m", 0, count - 1, count, 1);
    var requestChunk =
        new RequestChunk(
            new UUID(0, 0), 0, "m", partition.endpoint(), SequenceSet.range(0, count), 0, 0);
    var lines = new ArrayList<String>();
    for (long seq = 0; seq < count; seq++) {
      lines.add(
          line(
              partition,
              seq,
              OK.formatted(seq)
                  .replace("{\"data\"", "{\"x\":\"" + "y".repeat(1_000) + "\",\"data\"")));
    }

    // When (no ids of the caller's, all answered: the requests are not needed)
    Written written =
        write(
            Partitions.running("t", count, false),
            partition,
            List.of(new Stored(requestChunk, new byte[0])),
            lines);

    // Then
    assertThat(written.chunks()).hasSize(4);
    assertThat(written.chunks())
        .allSatisfy(c -> assertThat(c.length).isLessThan((1 << 20) + 2_000));
    assertThat(written.publication().answers())
        .extracting(ResultChunk::n)
        .containsExactly(0, 1, 2, 3);
    assertThat(written.numbers()).hasSize(count).isSorted();
    assertThat(written.lines().getLast()).contains("\"custom_id\":\"t_2999\"");
  }

  @Test
  void a_refused_request_has_failed_and_one_with_a_passing_error_waits() throws IOException {
    // Given
    Partition partition = Partitions.partition("m", 0, 2, 3, 1);
    List<String> lines = List.of(line(partition, 0, REFUSED), line(partition, 1, BUSY));

    // When
    Written written = write(Partitions.running("t", 3, true), partition, three(partition), lines);

    // Then
    assertThat(written.publication().unanswered())
        .extracting(
            RequestOutcome::seq,
            RequestOutcome::state,
            RequestOutcome::code,
            RequestOutcome::message,
            RequestOutcome::requestAttempts)
        .containsExactly(
            tuple(0L, RequestOutcome.State.FAILED, "bad", "why", 1),
            tuple(1L, RequestOutcome.State.WAITING, "busy", "later", 1),
            tuple(
                2L,
                RequestOutcome.State.WAITING,
                "missing",
                "The provider returned no line for this request.",
                1));
    assertThat(written.publication().unanswered().getFirst().response())
        .isEqualTo(REFUSED.getBytes(UTF_8));
    assertThat(written.publication().unanswered().getFirst().customId())
        .isEqualTo("\"own-0\"".getBytes(UTF_8));
  }

  @Test
  void after_the_last_attempt_a_passing_error_is_a_failure() throws IOException {
    // Given (tasks of these tests have three attempts)
    Partition partition = Partitions.partition("m", 0, 2, 3, 3);
    List<String> lines = List.of(line(partition, 0, BUSY));

    // When
    Written written = write(Partitions.running("t", 3, true), partition, three(partition), lines);

    // Then
    assertThat(written.publication().unanswered())
        .allSatisfy(requestOutcome -> {
          assertThat(requestOutcome.state()).isEqualTo(RequestOutcome.State.FAILED);
          assertThat(requestOutcome.code()).isEqualTo("retries_exhausted");
        });
    assertThat(written.publication().unanswered().getFirst().message())
        .contains("3 attempts", "later", "busy");
  }

  @Test
  void a_success_without_an_answer_is_a_failure_after_the_second_attempt() throws IOException {
    // Given (tasks of these tests have three attempts)
    Partition partition = Partitions.partition("m", 0, 2, 3, 2);
    String empty =
        "{\"status_code\":200,\"body\":{\"error\":{\"code\":\"c\",\"message\":\"broke\"}}}";
    List<String> lines = List.of(line(partition, 0, empty));

    // When
    Written written = write(Partitions.running("t", 3, true), partition, three(partition), lines);

    // Then
    var outcome = written.publication().unanswered().getFirst();
    assertThat(outcome.state()).isEqualTo(RequestOutcome.State.FAILED);
    assertThat(outcome.message()).contains("2 attempts", "broke");
  }

  @Test
  void after_a_cancel_a_request_that_would_wait_is_cancelled() throws IOException {
    // Given
    Partition partition = Partitions.partition("m", 0, 2, 3, 1);
    List<String> lines = List.of(line(partition, 0, OK.formatted(0)), line(partition, 1, REFUSED));

    // When
    Written written = write(Partitions.cancelling("t", 3), partition, three(partition), lines);

    // Then
    assertThat(written.lines()).hasSize(1);
    assertThat(written.publication().unanswered())
        .extracting(RequestOutcome::state)
        .containsExactly(RequestOutcome.State.FAILED, RequestOutcome.State.CANCELLED);
  }

  @Test
  void each_line_that_was_named_fails_with_the_first_thing_said_of_it() throws IOException {
    // Given
    Partition partition = Partitions.partition("m", 0, 2, 3, 1);
    String refused =
        """
        [{"line":3,"code":"a","message":"first"},{"line":1,"code":"b","message":"other"},
         {"line":3,"code":"c","message":"second"},{"line":0,"code":"x","message":"x"}]\
        """;
    Partitions.apply(
        partition,
        new PartitionEvent.UploadBegun("tag"),
        new PartitionEvent.Uploaded("f", false),
        new PartitionEvent.Submitted("b", Partitions.LATER, null),
        new PartitionEvent.Ended("failed", List.of(), OptionalInt.of(0), refused));

    // When
    Written written =
        write(Partitions.running("t", 3, true), partition, three(partition), List.of());

    // Then
    assertThat(written.publication().unanswered())
        .extracting(RequestOutcome::seq, RequestOutcome::state, RequestOutcome::code)
        .containsExactly(
            tuple(0L, RequestOutcome.State.FAILED, "b"),
            tuple(1L, RequestOutcome.State.WAITING, "missing"),
            tuple(2L, RequestOutcome.State.FAILED, "a"));
  }

  @Test
  void a_file_that_was_refused_for_one_line_costs_the_others_no_attempt() throws IOException {
    // Given (lines of a file are counted from 1; a line that is not there names no request)
    Partition partition = Partitions.partition("m", 0, 2, 3, 3);
    String refused =
        "[{\"line\":2,\"code\":\"invalid_json\",\"message\":\"no\"},{\"line\":99,\"code\":\"x\",\"message\":\"x\"}]";
    Partitions.apply(
        partition,
        new PartitionEvent.UploadBegun("tag"),
        new PartitionEvent.Uploaded("f", false),
        new PartitionEvent.Submitted("b", Partitions.LATER, null),
        new PartitionEvent.Ended("failed", List.of(), OptionalInt.of(0), refused));

    // When
    Written written =
        write(Partitions.running("t", 3, true), partition, three(partition), List.of());

    // Then
    assertThat(written.publication().unanswered())
        .extracting(
            RequestOutcome::seq,
            RequestOutcome::state,
            RequestOutcome::code,
            RequestOutcome::requestAttempts)
        .containsExactly(
            tuple(0L, RequestOutcome.State.WAITING, "missing", 2),
            tuple(1L, RequestOutcome.State.FAILED, "invalid_json", 2),
            tuple(2L, RequestOutcome.State.WAITING, "missing", 2));
  }

  private Written write(Task task, Partition partition, List<Stored> stored, List<String> lines)
      throws IOException {
    Path file = Files.createTempFile(folder, "answers", ".jsonl");
    var _ = Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    Located located = Located.range(partition, stored.stream().map(Stored::requestChunk).toList());
    try (AnswerIndex answerIndex =
        AnswerIndex.read(located, new WireId(partition.id(), partition.ordinal()), List.of(file))) {
      var writer = new ResultWriter(task, partition, located, answerIndex, new UUID(1, 1));
      var chunks = new ArrayList<byte[]>();
      for (Stored s : stored) {
        Optional<byte[]> raw =
            writer.needsRequests(s.requestChunk()) ? Optional.of(s.raw()) : Optional.empty();
        writer.add(s.requestChunk(), raw).forEach(chunk -> chunks.add(chunk.raw()));
      }
      writer.rest().ifPresent(chunk -> chunks.add(chunk.raw()));
      return new Written(chunks, writer.publication());
    }
  }

  private static List<Stored> three(Partition partition) {
    return List.of(chunk(partition, 0, new int[] {0, 1, 2}, 0, true));
  }

  /// All requests of a partition, every other number, in some chunks.
  private static List<Stored> stored(Partition partition, Random random, boolean ownIds) {
    var stored = new ArrayList<Stored>();
    int n = 0;
    for (int at = 0; at < partition.requests(); ) {
      int[] offsets = new int[Math.min(partition.requests() - at, 1 + random.nextInt(20))];
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] = 2 * i;
      }
      stored.add(chunk(partition, partition.firstSeq() + 2L * at, offsets, n++, ownIds));
      at += offsets.length;
    }
    return stored;
  }

  private static Stored chunk(
      Partition partition, long first, int[] offsets, int n, boolean ownIds) {
    var raw = new GrowableBytes(256);
    for (int offset : offsets) {
      byte[] id = ("\"own-" + (first + offset) + "\"").getBytes(UTF_8);
      StoredRequests.begin(raw, id, 0, ownIds ? id.length : 0);
      raw.write("{\"model\":\"m\"}".getBytes(UTF_8));
      StoredRequests.end(raw);
    }
    return new Stored(
        new RequestChunk(
            new UUID(0, 0),
            n,
            partition.model(),
            partition.endpoint(),
            SequenceSet.of(first, offsets),
            0,
            0),
        raw.toByteArray());
  }

  private static String line(Partition partition, long seq, @Nullable String response) {
    var id = new GrowableBytes(32);
    new WireId(partition.id(), partition.ordinal()).write(id, seq);
    return "{\"response\":%s,\"custom_id\":\"%s\",\"id\":\"b\",\"error\":null}"
        .formatted(response, id.toString(UTF_8));
  }

  private record Written(List<byte[]> chunks, Publication publication) {
    List<String> lines() {
      var lines = new ArrayList<String>();
      chunks.forEach(chunk -> new String(chunk, UTF_8).lines().forEach(lines::add));
      return lines;
    }

    List<Long> numbers() {
      var numbers = new ArrayList<Long>();
      for (ResultChunk resultChunk : publication.answers()) {
        for (int i = 0; i < resultChunk.seqs().count(); i++) {
          numbers.add(resultChunk.seqs().at(i));
        }
      }
      return numbers;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Stored(RequestChunk requestChunk, byte[] raw) {}
}
