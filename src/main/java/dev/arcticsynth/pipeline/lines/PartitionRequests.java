package dev.arcticsynth.pipeline.lines;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionKind;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestManifest;
import dev.arcticsynth.task.payload.ResultManifest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Finds the requests of a partition: which sequence numbers, in which chunks.
@ApplicationScoped
public class PartitionRequests {

  private final RequestManifest requests;
  private final ResultManifest results;
  private final BlobStore blobs;
  private final Vertx vertx;

  PartitionRequests(
      RequestManifest requests, ResultManifest results, BlobStore blobs, Vertx vertx) {
    this.requests = requests;
    this.results = results;
    this.blobs = blobs;
    this.vertx = vertx;
  }

  /// Where a partition's requests are, in input order.
  public Uni<Located> locate(Partition partition) {
    return requests
        .between(
            partition.taskId(),
            partition.model(),
            partition.endpoint(),
            partition.firstSeq(),
            partition.lastSeq())
        .chain(chunks ->
            partition.kind() == PartitionKind.BASE
                ? Uni.createFrom().item(Located.range(partition, chunks))
                : results.heldBy(partition.id()).map(held -> Located.picked(held, chunks)));
  }

  /// What the partition's requests are called in its file, and so in its answers.
  public Uni<RequestIds> names(Partition partition, Located located) {
    if (!partition.hasCallersIds()) {
      return Uni.createFrom().item(new WireId(partition.id(), partition.ordinal()));
    }
    var ids = new CallersIds(located);
    return Multi.createFrom()
        .iterable(located.chunks())
        .onItem()
        .transformToUniAndConcatenate(chunk ->
            blobs
                .get(new BlobKey(chunk.blobId(), chunk.n()))
                .chain(raw ->
                    vertx.executeBlocking(
                        () -> {
                          ids.add(raw, chunk.seqs());
                          return true;
                        },
                        false)))
        .onItem()
        .ignoreAsUni()
        .replaceWith(ids);
  }

  /// The partition's file in the provider's format, a chunk at a time.
  public Multi<Buffer> file(Partition partition, Provider provider) {
    var lines = new BatchLineWriter(WireNaming.of(partition, provider));
    return locate(partition)
        .onItem()
        .transformToMulti(located ->
            Multi.createFrom()
                .iterable(located.chunks())
                .onItem()
                .transformToUniAndConcatenate(chunk -> write(chunk, lines, located)));
  }

  private Uni<Buffer> write(RequestChunk chunk, BatchLineWriter lines, Located located) {
    return blobs
        .get(new BlobKey(chunk.blobId(), chunk.n()))
        .chain(raw ->
            vertx.executeBlocking(() -> lines.write(raw, chunk.seqs(), located::contains), false));
  }

  /// The sequence numbers of a partition, ascending, and the chunks that hold them.
  public static final class Located {
    private final long[] seqs;
    private final List<RequestChunk> chunks;

    private Located(long[] seqs, List<RequestChunk> chunks) {
      this.seqs = seqs;
      this.chunks = chunks.stream().filter(this::touches).toList();
    }

    public static Located range(Partition partition, List<RequestChunk> chunks) {
      var seqs = new long[partition.requests()];
      int at = 0;
      for (RequestChunk chunk : chunks) {
        int to = chunk.seqs().lineOf(partition.lastSeq() + 1);
        for (int line = chunk.seqs().lineOf(partition.firstSeq()); line < to; line++) {
          seqs[at++] = chunk.seqs().at(line);
        }
      }
      if (at != seqs.length) {
        throw new IllegalStateException(
            "Partition %s has %d of its %d requests; a person must look."
                .formatted(partition.id(), at, seqs.length));
      }
      return new Located(seqs, chunks);
    }

    public static Located picked(long[] seqs, List<RequestChunk> chunks) {
      return new Located(seqs, chunks);
    }

    public List<RequestChunk> chunks() {
      return chunks;
    }

    public int count() {
      return seqs.length;
    }

    public long seq(int place) {
      return seqs[place];
    }

    public boolean contains(long seq) {
      return placeOf(seq) >= 0;
    }

    /// Where in the partition a request stands; negative when it is none of the partition's.
    public int placeOf(long seq) {
      long offset = seq - seqs[0];
      if (offset >= 0 && offset < seqs.length && seqs[(int) offset] == seq) {
        return (int) offset;
      }
      return java.util.Arrays.binarySearch(seqs, seq);
    }

    private boolean touches(RequestChunk chunk) {
      int at = java.util.Arrays.binarySearch(seqs, chunk.seqs().first());
      int next = at >= 0 ? at : -at - 1;
      return next < seqs.length && seqs[next] <= chunk.seqs().last();
    }
  }
}
