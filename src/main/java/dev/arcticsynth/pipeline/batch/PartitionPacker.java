package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.pipeline.lines.EmbeddingInputs;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.task.PartitionKind;
import dev.arcticsynth.task.PartitionSpec;
import dev.arcticsynth.task.payload.RequestChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.ToIntFunction;

/// Fills partitions greedily in input order. Every request lands in exactly one. A request that
/// alone exceeds a limit still gets a partition, and the provider decides.
///
/// Chunks come by model and endpoint, then by sequence number.
final class PartitionPacker {

  private final BatchLimits limits;
  private final ToIntFunction<String> growth;
  private final List<PartitionSpec> cuts = new ArrayList<>();
  private String model = "";
  private String endpoint = "";
  private long first;
  private long last;
  private int requests;
  private long bytes;
  private long inputs;

  PartitionPacker(BatchLimits limits) {
    this(limits, model -> 0);
  }

  /// @param growth bytes that a request of a model may need more on the wire than it has
  PartitionPacker(BatchLimits limits, ToIntFunction<String> growth) {
    this.limits = limits;
    this.growth = growth;
  }

  /// Adds all lines of a chunk at once; false when they do not fit into the open partition, and
  /// then nothing was added.
  boolean addWhole(RequestChunk chunk) {
    open(chunk);
    var sequenceSet = chunk.seqs();
    if (!fits(sequenceSet.count(), BatchLineWriter.sizeOf(chunk), chunk.inputs())) {
      return false;
    }
    add(
        sequenceSet.first(),
        sequenceSet.last(),
        sequenceSet.count(),
        BatchLineWriter.sizeOf(chunk),
        chunk.inputs());
    return true;
  }

  /// Adds a chunk line by line, closing partitions on the way.
  void addLines(RequestChunk chunk, byte[] raw) {
    addLines(chunk, raw, _ -> true);
  }

  /// Adds those lines of a chunk that are wanted. A partition is all requests of its model between
  /// its first and its last, so that it ends where one is not.
  void addLines(RequestChunk chunk, byte[] raw, LongPredicate wanted) {
    open(chunk);
    int overhead = BatchLineWriter.overhead(chunk.endpoint());
    var lines = new StoredRequests(raw);
    for (int line = 0; lines.next(); line++) {
      long seq = chunk.seqs().at(line);
      if (!wanted.test(seq)) {
        close();
        continue;
      }
      long size = lines.bodyLength() + overhead;
      long weight = chunk.inputs() == 0 ? 0 : EmbeddingInputs.in(lines.body());
      if (requests > 0 && !fits(1, size, weight)) {
        close();
      }
      add(seq, seq, 1, size, weight);
    }
  }

  List<PartitionSpec> finish() {
    close();
    return cuts;
  }

  private void open(RequestChunk chunk) {
    if (!chunk.model().equals(model) || !chunk.endpoint().equals(endpoint)) {
      close();
      model = chunk.model();
      endpoint = chunk.endpoint();
    }
  }

  private boolean fits(int moreRequests, long moreBytes, long moreInputs) {
    return requests + moreRequests <= limits.maxRequests()
        && bytes + moreBytes + (long) (requests + moreRequests) * growth.applyAsInt(model)
            <= limits.maxFileBytes()
        && inputs + moreInputs <= limits.maxEmbeddingInputs();
  }

  private void add(long from, long to, int count, long size, long weight) {
    if (requests == 0) {
      first = from;
    }
    last = to;
    requests += count;
    bytes += size;
    inputs += weight;
  }

  private void close() {
    if (requests > 0) {
      cuts.add(
          new PartitionSpec(PartitionKind.BASE, model, endpoint, first, last, requests, bytes));
    }
    requests = 0;
    bytes = 0;
    inputs = 0;
  }
}
