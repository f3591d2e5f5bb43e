package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.results.MergeIterator.LineSource;
import dev.arcticsynth.task.payload.SequenceSet;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MergeIteratorTest {

  private static Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.closeAndAwait();
  }

  @Test
  void lines_come_in_the_order_of_their_numbers_however_they_are_stored() {
    for (long seed = 0; seed < 500; seed++) {
      // Given
      var random = new Random(seed);
      Set<Long> numbers = new HashSet<>();
      List<LineSource> sources = sources(random, numbers);
      long from = random.nextInt(3) == 0 ? random.nextInt(400) : 0;

      // When
      String text = merged(sources, from, ResultsQuery.View.OUTPUT);

      // Then
      assertThat(text)
          .as("seed %d", seed)
          .isEqualTo(expected(numbers.stream().filter(n -> n >= from).mapToLong(n -> n)));
    }
  }

  @Test
  void chunks_larger_than_a_batch_are_woven_line_by_line() {
    // Given (two models in turn, 2 MiB each)
    String filler = "y".repeat(1_000);
    List<LineSource> sources =
        List.of(
            source(LongStream.iterate(0, n -> n + 2).limit(2_000).boxed().toList(), filler),
            source(LongStream.iterate(1, n -> n + 2).limit(2_000).boxed().toList(), filler));

    // When
    var batches = new ArrayList<byte[]>();
    var merge = new MergeIterator(sources, query(0, ResultsQuery.View.OUTPUT), vertx);
    for (var next = next(merge); next.isPresent(); next = next(merge)) {
      batches.add(next.get());
    }

    // Then
    assertThat(batches)
        .hasSizeGreaterThan(4)
        .allSatisfy(batch -> assertThat(batch.length).isLessThan(1 << 20));
    var seen = new ArrayList<Long>();
    batches.forEach(
        batch -> new String(batch, UTF_8).lines().forEach(line -> seen.add(number(line))));
    assertThat(seen).containsExactlyElementsOf(LongStream.range(0, 4_000).boxed().toList());
  }

  @Test
  void a_source_is_loaded_when_its_turn_comes_and_not_before() {
    // Given
    var loaded = new ArrayList<Long>();
    var sources = new ArrayList<LineSource>();
    for (long first = 0; first < 5; first++) {
      LineSource lines = source(List.of(first * 10), "y".repeat(600_000));
      sources.add(
          new LineSource(
              lines.first(),
              () -> {
                loaded.add(lines.first());
                return lines.load().get();
              }));
    }
    var merge = new MergeIterator(sources, query(0, ResultsQuery.View.OUTPUT), vertx);

    // When
    var _ = next(merge);

    // Then
    assertThat(loaded).containsExactly(0L);
  }

  @Test
  void nothing_at_all_is_over_at_once() {
    // When
    String text = merged(List.of(), 0, ResultsQuery.View.MESSAGES);

    // Then
    assertThat(text).isEmpty();
  }

  /// Some partitions, each with a share of the numbers in some chunks, and pages of fates.
  private static List<LineSource> sources(Random random, Set<Long> numbers) {
    int partitions = 1 + random.nextInt(4);
    var shares = new ArrayList<List<Long>>();
    for (int i = 0; i <= partitions; i++) {
      shares.add(new ArrayList<>());
    }
    for (long n = 0; n < random.nextInt(400); n++) {
      int owner = random.nextInt(partitions + 2);
      if (owner <= partitions) {
        shares.get(owner).add(n);
        numbers.add(n);
      }
    }
    var sources = new ArrayList<LineSource>();
    for (List<Long> share : shares.subList(1, shares.size())) {
      for (int from = 0; from < share.size(); ) {
        int to = Math.min(share.size(), from + 1 + random.nextInt(30));
        sources.add(source(share.subList(from, to), "x"));
        from = to;
      }
    }
    sources.add(pages(shares.getFirst(), 0));
    Collections.shuffle(sources, random);
    return sources;
  }

  private static LineSource source(List<Long> numbers, String filler) {
    return new LineSource(
        numbers.getFirst(),
        () ->
            Uni.createFrom()
                .item(new LineSource.Loaded(cursor(numbers, filler), Optional.empty())));
  }

  /// A source of a few lines and another one behind it, as fates are read.
  private static LineSource pages(List<Long> numbers, long from) {
    return new LineSource(
        from,
        () -> {
          List<Long> page = numbers.stream().filter(n -> n >= from).limit(7).toList();
          return Uni.createFrom()
              .item(
                  new LineSource.Loaded(
                      cursor(page, "x"),
                      page.size() < 7
                          ? Optional.empty()
                          : Optional.of(pages(numbers, page.getLast() + 1))));
        });
  }

  private static ChunkCursor cursor(List<Long> numbers, String filler) {
    if (numbers.isEmpty()) {
      return new ErrorLines().cursor();
    }
    long first = numbers.getFirst();
    var raw = new GrowableBytes(1_024);
    numbers.forEach(n -> raw.write(line(n, filler).getBytes(UTF_8)));
    return new ChunkCursor(
        raw.toByteArray(),
        SequenceSet.of(first, numbers.stream().mapToInt(n -> (int) (n - first)).toArray()));
  }

  private static String expected(LongStream numbers) {
    var text = new StringBuilder();
    numbers.sorted().forEach(n -> text.append(line(n, "x")));
    return text.toString();
  }

  private static String line(long n, String filler) {
    return n + " " + filler + "\n";
  }

  private static long number(String line) {
    return Long.parseLong(line.substring(0, line.indexOf(' ')));
  }

  private static ResultsQuery query(long from, ResultsQuery.View view) {
    return new ResultsQuery(view, Set.of(), from);
  }

  private static Optional<byte[]> next(MergeIterator merge) {
    return merge.next().await().indefinitely();
  }

  private static String merged(List<LineSource> sources, long from, ResultsQuery.View view) {
    var merge = new MergeIterator(sources, query(from, view), vertx);
    var text = new StringBuilder();
    for (var next = next(merge); next.isPresent(); next = next(merge)) {
      text.append(new String(next.get(), UTF_8));
    }
    return text.toString();
  }
}
