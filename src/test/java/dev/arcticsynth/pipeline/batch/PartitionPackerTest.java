package dev.arcticsynth.pipeline.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.ingest.RequestUrls;
import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.pipeline.lines.WireNaming;
import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.task.PartitionSpec;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PartitionPackerTest {

  @Test
  void every_request_is_in_exactly_one_partition_within_all_limits() {
    for (long seed = 0; seed < 2_000; seed++) {
      // Given
      var random = new Random(seed);
      var limits =
          new BatchLimits(
              1 + random.nextInt(12),
              200 + random.nextInt(3_000),
              1 + random.nextInt(20),
              Set.of(RequestUrls.CHAT));
      List<Request> requests = requests(random);
      List<Stored> stored = stored(requests, random);

      // When
      List<PartitionSpec> cuts = cut(stored, limits);

      // Then
      assertThat(told(cuts)).as("seed %d", seed).isEqualTo(naive(requests, limits));
      assertEveryRequestOnce(requests, cuts);
    }
  }

  @Test
  void a_request_over_a_limit_gets_a_partition_of_its_own() {
    // Given
    var limits = new BatchLimits(10, 300, 5, Set.of());
    var requests =
        List.of(
            new Request(0, "m", RequestUrls.CHAT, chat("m", 5), 0),
            new Request(1, "m", RequestUrls.CHAT, chat("m", 5_000), 0),
            new Request(2, "m", RequestUrls.CHAT, chat("m", 5), 0));

    // When
    List<PartitionSpec> cuts = cut(stored(requests, new Random(0)), limits);

    // Then
    assertThat(cuts).extracting(PartitionSpec::firstSeq).containsExactly(0L, 1L, 2L);
  }

  @Test
  void the_size_of_a_partition_is_the_size_of_its_file_to_the_byte() {
    // Given
    var random = new Random(5);
    List<Request> requests = requests(random);
    var limits = new BatchLimits(7, 100_000, 1_000, Set.of());
    List<Stored> stored = stored(requests, random);

    // When
    List<PartitionSpec> cuts = cut(stored, limits);

    // Then
    assertThat(cuts)
        .allSatisfy(partitionSpec -> {
          var partition =
              dev.arcticsynth.task.Partitions.partition(
                  partitionSpec.model(),
                  partitionSpec.firstSeq(),
                  partitionSpec.lastSeq(),
                  partitionSpec.requests(),
                  1);
          // The endpoint of test partitions is chat's; the others' urls differ in length only.
          long shorter =
              partitionSpec.requests()
                  * (long)
                      (BatchLineWriter.overhead(partitionSpec.endpoint())
                          - BatchLineWriter.overhead(RequestUrls.CHAT));
          var lines =
              new BatchLineWriter(
                  new WireNaming(partition, partition.endpoint(), partition.model()));
          long written = 0;
          for (Stored s : stored) {
            if (s.requestChunk().model().equals(partitionSpec.model())
                && s.requestChunk().endpoint().equals(partitionSpec.endpoint())) {
              written +=
                  lines
                      .write(
                          s.raw(),
                          s.requestChunk().seqs(),
                          seq -> seq >= partitionSpec.firstSeq() && seq <= partitionSpec.lastSeq())
                      .length();
            }
          }
          assertThat(written + shorter).isEqualTo(partitionSpec.wireBytes());
        });
  }

  private static void assertEveryRequestOnce(List<Request> requests, List<PartitionSpec> cuts) {
    for (Request request : requests) {
      assertThat(cuts)
          .filteredOn(partitionSpec ->
              partitionSpec.model().equals(request.model())
                  && partitionSpec.endpoint().equals(request.endpoint())
                  && partitionSpec.firstSeq() <= request.seq()
                  && request.seq() <= partitionSpec.lastSeq())
          .hasSize(1);
    }
    assertThat(cuts.stream().mapToInt(PartitionSpec::requests).sum()).isEqualTo(requests.size());
  }

  /// Request by request, as one would do it by hand.
  private static List<String> naive(List<Request> requests, BatchLimits limits) {
    var cuts = new ArrayList<String>();
    var groups = requests.stream().map(Request::group).distinct().sorted().toList();
    for (String group : groups) {
      var open = new ArrayList<Request>();
      for (Request next : requests.stream().filter(r -> r.group().equals(group)).toList()) {
        var wider = new ArrayList<>(open);
        wider.add(next);
        if (!open.isEmpty()
            && (wider.size() > limits.maxRequests()
                || wider.stream().mapToLong(Request::wireBytes).sum() > limits.maxFileBytes()
                || wider.stream().mapToLong(Request::inputs).sum() > limits.maxEmbeddingInputs())) {
          cuts.add(told(open));
          open.clear();
        }
        open.add(next);
      }
      cuts.add(told(open));
    }
    return cuts;
  }

  private static String told(List<Request> open) {
    return "%s %d-%d %d requests %d bytes"
        .formatted(
            open.getFirst().group(),
            open.getFirst().seq(),
            open.getLast().seq(),
            open.size(),
            open.stream().mapToLong(Request::wireBytes).sum());
  }

  private static List<String> told(Iterable<PartitionSpec> cuts) {
    var told = new ArrayList<String>();
    cuts.forEach(c ->
        told.add(
            "%s%s %d-%d %d requests %d bytes"
                .formatted(
                    c.model(),
                    c.endpoint(),
                    c.firstSeq(),
                    c.lastSeq(),
                    c.requests(),
                    c.wireBytes())));
    return told;
  }

  private static List<PartitionSpec> cut(List<Stored> stored, BatchLimits limits) {
    var partitionPacker = new PartitionPacker(limits);
    for (Stored s : stored) {
      if (!partitionPacker.addWhole(s.requestChunk())) {
        partitionPacker.addLines(s.requestChunk(), s.raw());
      }
    }
    return partitionPacker.finish();
  }

  private static List<Request> requests(Random random) {
    var requests = new ArrayList<Request>();
    int count = 1 + random.nextInt(60);
    for (int seq = 0; seq < count; seq++) {
      String model = "m" + random.nextInt(3);
      if (random.nextInt(4) == 0) {
        int inputs = 1 + random.nextInt(8);
        String body =
            "{\"model\":\"%s\",\"input\":[%s\"é\"]}".formatted(model, "\"é\",".repeat(inputs - 1));
        requests.add(new Request(seq, model, RequestUrls.EMBEDDINGS, body, inputs));
      } else {
        requests.add(
            new Request(seq, model, RequestUrls.CHAT, chat(model, random.nextInt(300)), 0));
      }
    }
    return requests;
  }

  private static String chat(String model, int length) {
    return "{\"model\":\"%s\",\"messages\":[\"%s\"]}".formatted(model, "ü".repeat(length));
  }

  /// The requests in chunks as Ingest makes them: some blocks, a chunk for each group of a block.
  private static List<Stored> stored(List<Request> requests, Random random) {
    var stored = new ArrayList<Stored>();
    int n = 0;
    for (int from = 0; from < requests.size(); ) {
      int to = Math.min(requests.size(), from + 1 + random.nextInt(15));
      List<Request> block = requests.subList(from, to);
      for (String group : block.stream().map(Request::group).distinct().toList()) {
        var own = block.stream().filter(r -> r.group().equals(group)).toList();
        stored.add(Stored.of(own, n++));
      }
      from = to;
    }
    stored.sort(
        Comparator.comparing((Stored s) -> s.requestChunk().model() + s.requestChunk().endpoint())
            .thenComparingLong(s -> s.requestChunk().seqs().first()));
    return stored;
  }

  private record Request(long seq, String model, String endpoint, String body, long inputs) {
    String group() {
      return model + endpoint;
    }

    long wireBytes() {
      return ("{\"custom_id\":\"00000000-00000000-00000000\",\"method\":\"POST\",\"url\":\""
              + endpoint
              + "\",\"body\":"
              + body
              + "}\n")
          .getBytes(UTF_8)
          .length;
    }
  }

  private record Stored(RequestChunk requestChunk, byte[] raw) {
    static Stored of(List<Request> requests, int n) {
      var raw = new GrowableBytes(1_024);
      long bodyBytes = 0;
      for (Request request : requests) {
        byte[] body = request.body().getBytes(UTF_8);
        StoredRequests.begin(raw, body, 0, 0);
        raw.write(body);
        StoredRequests.end(raw);
        bodyBytes += body.length;
      }
      long first = requests.getFirst().seq();
      int[] offsets = requests.stream().mapToInt(r -> (int) (r.seq() - first)).toArray();
      return new Stored(
          new RequestChunk(
              new UUID(0, 0),
              n,
              requests.getFirst().model(),
              requests.getFirst().endpoint(),
              SequenceSet.of(first, offsets),
              bodyBytes,
              requests.stream().mapToLong(Request::inputs).sum()),
          raw.toByteArray());
    }
  }
}
