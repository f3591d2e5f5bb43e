package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.ingest.RequestUrls;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.pipeline.lines.WireId;
import dev.arcticsynth.pipeline.results.MergeIterator.LineSource;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.Partitions;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.payload.Publication;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestOutcome;
import dev.arcticsynth.task.payload.ResultChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/// The way from answer files to results, up to three attempts deep: models that take turns, gaps,
/// repeated and missing lines, passing and lasting failures. A few maps say what must come out.
class MergedAnswersTest {

  private static final int TRIES = 3;
  private static final Vertx VERTX = Vertx.vertx();

  private final Map<Long, String> expected = new TreeMap<>();
  private final List<LineSource> sources = new ArrayList<>();
  private final Path first = temporary();
  private final Path second = temporary();

  @AfterContainer
  static void close() {
    VERTX.closeAndAwait();
  }

  @Property(tries = 2_000, seed = "20261123")
  void every_request_has_one_line_in_input_order_whatever_became_of_its_attempts(@ForAll long luck)
      throws IOException {
    // Given (one instance serves all tries)
    expected.clear();
    sources.clear();
    var random = new Random(luck);
    int requests = 1 + random.nextInt(40);
    Task task = Partitions.running("t", requests, true);
    Map<String, List<Long>> models = new HashMap<>();
    for (long seq = 0; seq < requests; seq++) {
      models.computeIfAbsent("m" + random.nextInt(3), m -> new ArrayList<>()).add(seq);
    }

    // When
    for (var model : models.entrySet()) {
      List<Stored> stored = stored(model.getKey(), model.getValue(), random);
      List<Long> left = model.getValue();
      for (int attempt = 1; !left.isEmpty(); attempt++) {
        left = answered(task, model.getKey(), left, attempt, stored, random);
      }
    }
    Collections.shuffle(sources, random);

    // Then
    assertThat(merged()).isEqualTo(String.join("", expected.values()));
    assertThat(expected).hasSize(requests);
  }

  /// The partitions of one attempt; the requests that need another.
  private List<Long> answered(
      Task task, String model, List<Long> seqs, int attempt, List<Stored> stored, Random random)
      throws IOException {
    var left = new ArrayList<Long>();
    for (int from = 0; from < seqs.size(); ) {
      int to = Math.min(seqs.size(), from + 1 + random.nextInt(25));
      left.addAll(batch(task, model, seqs.subList(from, to), attempt, stored, random));
      from = to;
    }
    return left;
  }

  private List<Long> batch(
      Task task, String model, List<Long> seqs, int attempt, List<Stored> stored, Random random)
      throws IOException {
    Partition partition =
        Partitions.partition(model, seqs.getFirst(), seqs.getLast(), seqs.size(), attempt);
    var located =
        Located.picked(
            seqs.stream().mapToLong(seq -> seq).toArray(),
            stored.stream().map(Stored::requestChunk).toList());
    var lines = new ArrayList<Line>();
    for (long seq : seqs) {
      for (int times = random.nextInt(6); times >= 4 - random.nextInt(3); times--) {
        lines.add(new Line(seq, random.nextInt(4), attempt + "-" + lines.size()));
      }
      if (random.nextInt(4) > 0) {
        lines.add(new Line(seq, 0, attempt + "-" + lines.size()));
      }
    }
    Collections.shuffle(lines, random);
    var left = new ArrayList<Long>();
    for (long seq : seqs) {
      var told = lines.stream().filter(line -> line.seq() == seq).findFirst();
      boolean waits = told.map(Line::isPassing).orElse(true);
      if (waits && attempt < TRIES) {
        left.add(seq);
      } else {
        expected.put(seq, told.map(line -> line.result(attempt)).orElse(Line.lost(seq)));
      }
    }
    int cut = random.nextInt(lines.size() + 1);
    publish(
        task,
        partition,
        located,
        stored,
        List.of(
            write(first, partition, lines.subList(0, cut)),
            write(second, partition, lines.subList(cut, lines.size()))));
    return left;
  }

  private void publish(
      Task task, Partition partition, Located located, List<Stored> stored, List<Path> files)
      throws IOException {
    var ids = new WireId(partition.id(), partition.ordinal());
    try (AnswerIndex answerIndex = AnswerIndex.read(located, ids, files)) {
      var writer = new ResultWriter(task, partition, located, answerIndex, new UUID(1, 1));
      var chunks = new ArrayList<byte[]>();
      for (Stored s : stored) {
        if (located.chunks().contains(s.requestChunk())) {
          writer
              .add(s.requestChunk(), Optional.of(s.raw()))
              .forEach(chunk -> chunks.add(chunk.raw()));
        }
      }
      writer.rest().ifPresent(chunk -> chunks.add(chunk.raw()));
      Publication published = writer.publication();
      for (ResultChunk resultChunk : published.answers()) {
        sources.add(
            source(
                new ChunkCursor(chunks.get(resultChunk.n()), resultChunk.seqs()),
                resultChunk.seqs().first()));
      }
      var failures = new ErrorLines();
      published.unanswered().stream()
          .filter(requestOutcome -> requestOutcome.state() == RequestOutcome.State.FAILED)
          .forEach(failures::add);
      sources.add(source(failures.cursor(), 0));
    }
  }

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("merged", ".jsonl");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LineSource source(ChunkCursor chunkCursor, long first) {
    return new LineSource(
        first, () -> Uni.createFrom().item(new LineSource.Loaded(chunkCursor, Optional.empty())));
  }

  private String merged() {
    var merge =
        new MergeIterator(sources, new ResultsQuery(ResultsQuery.View.OUTPUT, Set.of(), 0), VERTX);
    var text = new StringBuilder();
    for (var next = merge.next().await().indefinitely();
        next.isPresent();
        next = merge.next().await().indefinitely()) {
      text.append(new String(next.get(), UTF_8));
    }
    return text.toString();
  }

  private static List<Stored> stored(String model, List<Long> seqs, Random random) {
    var stored = new ArrayList<Stored>();
    for (int from = 0; from < seqs.size(); ) {
      int to = Math.min(seqs.size(), from + 1 + random.nextInt(15));
      List<Long> own = seqs.subList(from, to);
      var raw = new GrowableBytes(512);
      for (long seq : own) {
        byte[] id = "\"own-%d\"".formatted(seq).getBytes(UTF_8);
        StoredRequests.begin(raw, id, 0, id.length);
        raw.write("{}".getBytes(UTF_8));
        StoredRequests.end(raw);
      }
      int[] offsets = own.stream().mapToInt(seq -> (int) (seq - own.getFirst())).toArray();
      stored.add(
          new Stored(
              new RequestChunk(
                  new UUID(0, 0),
                  stored.size(),
                  model,
                  RequestUrls.CHAT,
                  SequenceSet.of(own.getFirst(), offsets),
                  0,
                  0),
              raw.toByteArray()));
      from = to;
    }
    return stored;
  }

  private static Path write(Path file, Partition partition, List<Line> lines) throws IOException {
    var text = new StringBuilder();
    for (Line line : lines) {
      var id = new GrowableBytes(32);
      new WireId(partition.id(), partition.ordinal()).write(id, line.seq());
      text.append(
          "{\"id\":\"b\",\"custom_id\":\"%s\",\"response\":%s,\"error\":null}\n"
              .formatted(id.toString(UTF_8), line.response()));
    }
    return Files.writeString(file, text);
  }

  /// @param kind 0 and 1 are good, 2 is refused, 3 is busy
  private record Line(long seq, int kind, String says) {

    boolean isPassing() {
      return kind == 3;
    }

    String response() {
      return switch (kind) {
        case 2 ->
            "{\"status_code\":400,\"body\":{\"error\":{\"code\":\"bad\",\"message\":\"%s\"}}}"
                .formatted(says);
        case 3 ->
            "{\"status_code\":429,\"body\":{\"error\":{\"code\":\"busy\",\"message\":\"%s\"}}}"
                .formatted(says);
        default -> "{\"status_code\":200,\"body\":{\"says\":\"%s\",\"data\":[1]}}".formatted(says);
      };
    }

    String result(int attempt) {
      return switch (kind) {
        case 2 -> error(seq, response(), "bad", says);
        case 3 ->
            error(
                seq,
                response(),
                "retries_exhausted",
                "No answer after %d attempts; the last failure: %s (busy)"
                    .formatted(attempt, says));
        default ->
            "{\"id\":\"b\",\"custom_id\":\"own-%d\",\"response\":%s,\"error\":null}\n"
                .formatted(seq, response());
      };
    }

    static String lost(long seq) {
      return error(
          seq,
          "null",
          "retries_exhausted",
          "No answer after %d attempts; the last failure: %s (missing)"
              .formatted(TRIES, AnswerLine.Fault.MISSING.message()));
    }

    private static String error(long seq, String response, String code, String message) {
      return "{\"id\":null,\"custom_id\":\"own-%d\",\"response\":%s,\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}\n"
          .formatted(seq, response, code, message);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Stored(RequestChunk requestChunk, byte[] raw) {}
}
