package dev.arcticsynth.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.task.payload.IngestedRequests;
import dev.arcticsynth.task.payload.RequestChunk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IngestAccumulatorTest {

  private static final String GOOD = "{\"model\":\"m%d\",\"messages\":[1]}\n";

  @Test
  void blocks_in_any_order_give_the_requests_their_places_and_lines() {
    for (long seed = 0; seed < 300; seed++) {
      // Given
      var random = new Random(seed);
      var models = new ArrayList<String>();
      var lineOfRequest = new ArrayList<Long>();
      List<ParsedBlock> blocks = blocks(random, models, lineOfRequest);
      Collections.shuffle(blocks, random);
      var ingestAccumulator = new IngestAccumulator(UUID.randomUUID(), 256, Long.MAX_VALUE);

      // When
      blocks.forEach(block -> keep(block, ingestAccumulator));
      ingestAccumulator.check(Long.MAX_VALUE).await().indefinitely();
      IngestedRequests ingestedRequests = ingestAccumulator.append();

      // Then
      assertThat(ingestedRequests.requests()).isEqualTo(models.size());
      assertThat(modelsByPlace(ingestedRequests)).as("seed %d", seed).isEqualTo(models);
      assertThat(ingestedRequests.chunks()).extracting(RequestChunk::n).doesNotHaveDuplicates();
      for (int place = 0; place < models.size(); place++) {
        assertThat(ingestAccumulator.lineOf(place)).isEqualTo(lineOfRequest.get(place));
      }
    }
  }

  @Test
  void bad_lines_are_reported_by_their_line_in_the_whole_body() {
    // Given
    var ingestAccumulator = new IngestAccumulator(UUID.randomUUID(), 256, Long.MAX_VALUE);
    keep(parsed(1, "\nbad\n"), ingestAccumulator);
    keep(parsed(0, GOOD.formatted(1) + "bad\n\n"), ingestAccumulator);

    // When
    var check = ingestAccumulator.check(10);

    // Then
    assertThat(ingestAccumulator.isSpoilt()).isTrue();
    assertThatThrownBy(() -> check.await().indefinitely())
        .isInstanceOfSatisfying(
            InvalidLinesException.class,
            e -> {
              assertThat(e.total()).isEqualTo(2);
              assertThat(e.problems()).extracting(LineProblem::line).containsExactly(2L, 5L);
            });
  }

  @Test
  void a_hundred_problems_of_many_blocks_are_reported_and_all_counted() {
    // Given
    var ingestAccumulator = new IngestAccumulator(UUID.randomUUID(), 256, Long.MAX_VALUE);
    IntStream.range(0, 4).forEach(i -> keep(parsed(i, "bad\n".repeat(40)), ingestAccumulator));

    // When
    var check = ingestAccumulator.check(10);

    // Then
    assertThatThrownBy(() -> check.await().indefinitely())
        .isInstanceOfSatisfying(
            InvalidLinesException.class,
            e -> {
              assertThat(e.total()).isEqualTo(160);
              assertThat(e.problems()).hasSize(100);
              assertThat(e.problems().getLast().line()).isEqualTo(100);
            });
  }

  @Test
  void a_body_without_requests_or_with_too_many_is_refused() {
    // Given
    var none = new IngestAccumulator(UUID.randomUUID(), 256, Long.MAX_VALUE);
    keep(parsed(0, "\n \n"), none);
    var many = new IngestAccumulator(UUID.randomUUID(), 256, Long.MAX_VALUE);
    keep(parsed(0, GOOD.formatted(1).repeat(3)), many);

    // When
    var noneCheck = none.check(10);
    var manyCheck = many.check(2);

    // Then
    assertThatThrownBy(() -> noneCheck.await().indefinitely())
        .isInstanceOfSatisfying(
            InvalidLinesException.class,
            e -> assertThat(e.problems().getFirst().code()).isEqualTo("empty"));
    assertThatThrownBy(() -> manyCheck.await().indefinitely())
        .isInstanceOfSatisfying(
            InvalidLinesException.class,
            e -> assertThat(e.problems().getFirst().code()).isEqualTo("too_many_requests"));
  }

  @Test
  void the_kind_of_ids_is_known_for_the_whole_body() {
    // Given
    var ingestAccumulator = new IngestAccumulator(UUID.randomUUID(), 256, Long.MAX_VALUE);
    keep(parsed(0, GOOD.formatted(1)), ingestAccumulator);
    keep(
        parsed(1, "{\"custom_id\":\"t_0\",\"model\":\"m\",\"messages\":[1]}\n"), ingestAccumulator);

    // When
    IngestedRequests ingestedRequests = ingestAccumulator.append();

    // Then
    assertThat(ingestedRequests.hasExplicitIds()).isTrue();
    assertThat(ingestedRequests.hasGeneratedIds()).isTrue();
    assertThat(ingestedRequests.hasLookalikeIds()).isTrue();
  }

  private static List<ParsedBlock> blocks(
      Random random, List<String> models, List<Long> lineOfRequest) {
    var blocks = new ArrayList<ParsedBlock>();
    long line = 1;
    int count = 1 + random.nextInt(5);
    for (int index = 0; index < count; index++) {
      var text = new StringBuilder(GOOD.formatted(9));
      models.add("m9");
      lineOfRequest.add(line++);
      int lines = random.nextInt(8);
      boolean withBlanks = random.nextBoolean();
      for (int i = 0; i < lines; i++, line++) {
        if (withBlanks && random.nextInt(3) == 0) {
          text.append(" \r\n");
        } else {
          int model = random.nextInt(3);
          models.add("m" + model);
          lineOfRequest.add(line);
          text.append(GOOD.formatted(model));
        }
      }
      blocks.add(parsed(index, text.toString()));
    }
    return blocks;
  }

  private static List<String> modelsByPlace(IngestedRequests ingestedRequests) {
    var models = new String[(int) ingestedRequests.requests()];
    for (RequestChunk chunk : ingestedRequests.chunks()) {
      for (int line = 0; line < chunk.seqs().count(); line++) {
        assertThat(models[(int) chunk.seqs().at(line)]).isNull();
        models[(int) chunk.seqs().at(line)] = chunk.model();
      }
    }
    return List.of(models);
  }

  @Test
  void models_are_counted_over_the_whole_body() {
    // Given
    var ingestAccumulator = new IngestAccumulator(UUID.randomUUID(), 2, Long.MAX_VALUE);
    keep(parsed(0, GOOD.formatted(1) + GOOD.formatted(2)), ingestAccumulator);

    // When
    keep(parsed(1, GOOD.formatted(2) + GOOD.formatted(3)), ingestAccumulator);

    // Then
    assertThat(ingestAccumulator.isSpoilt()).isTrue();
    assertThatThrownBy(() -> ingestAccumulator.check(10).await().indefinitely())
        .isInstanceOfSatisfying(
            InvalidLinesException.class,
            e -> assertThat(e.problems().getFirst().code()).isEqualTo("too_many_models"));
  }

  @Test
  void a_body_is_as_long_as_what_is_made_of_it() {
    // Given
    var ingestAccumulator = new IngestAccumulator(UUID.randomUUID(), 2, 100);
    keep(parsed(0, GOOD.formatted(1).repeat(3)), ingestAccumulator);

    // When
    var more = parsed(1, GOOD.formatted(1));

    // Then
    assertThatThrownBy(() -> keep(more, ingestAccumulator))
        .isInstanceOf(BodyTooLargeException.class)
        .hasMessageContaining("100 bytes");
  }

  private static ParsedBlock parsed(int index, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new RequestParser(Parsed.NONE, "t", Parsed.LIMITS)
        .parse(new LineBlock(index, bytes, bytes.length, false), 0);
  }

  private static void keep(ParsedBlock block, IngestAccumulator ingestAccumulator) {
    int first = ingestAccumulator.reserve(block.chunks().size());
    ingestAccumulator.add(
        block, IntStream.range(first, first + block.chunks().size()).boxed().toList());
  }
}
