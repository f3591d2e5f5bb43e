package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.pipeline.lines.PartitionRequests;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.Bisected;
import dev.arcticsynth.task.PartitionEvent.Rejected;
import dev.arcticsynth.task.PartitionKind;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionSpec;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.ResultManifest;
import dev.arcticsynth.task.quota.FileSizeLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/// Cuts a refused partition in the middle of its requests: the middle by count, wherever other
/// models' requests lie between them, and with the exact size of each half.
@ApplicationScoped
class PartitionBisector {

  private final FileSizeLimits sizes;
  private final PartitionRepository partitions;
  private final PartitionRequests requests;
  private final ResultManifest results;
  private final BlobStore blobs;
  private final Vertx vertx;

  PartitionBisector(
      FileSizeLimits sizes,
      PartitionRepository partitions,
      PartitionRequests requests,
      ResultManifest results,
      BlobStore blobs,
      Vertx vertx) {
    this.sizes = sizes;
    this.partitions = partitions;
    this.requests = requests;
    this.results = results;
    this.blobs = blobs;
    this.vertx = vertx;
  }

  /// Records that the halves of a refused partition replace it.
  ///
  /// @param partition of two requests or more
  Uni<Partition> halve(Claim claim, Partition partition, Rejected refused) {
    return of(partition, refused).chain(both -> partitions.bisect(claim, both));
  }

  /// Why a partition is halved before anything of it is sent: a file as large was refused. Empty
  /// where its file may be taken, or it cannot be halved.
  Uni<Optional<Rejected>> isTooLarge(Partition partition) {
    return partition.requests() == 1
        ? Uni.createFrom().item(Optional.empty())
        : sizes
            .largest(partition.provider())
            .map(largest ->
                largest.isPresent() && partition.wireBytes() > largest.getAsLong()
                    ? Optional.of(
                        new Rejected(
                            PartitionEvent.FILE_TOO_LARGE,
                            "The provider has refused a file for its size, so this one of %,d bytes is halved."
                                .formatted(partition.wireBytes()),
                            Instant.EPOCH,
                            true))
                    : Optional.empty());
  }

  private Uni<Bisected> of(Partition partition, Rejected refused) {
    return requests
        .locate(partition)
        .chain(located -> {
          int middle = located.count() / 2;
          return bytesBelow(partition, located, located.seq(middle))
              .map(bytes ->
                  new Bisected(
                      refused.code(),
                      refused.reason(),
                      cut(partition, located, 0, middle, bytes),
                      cut(
                          partition,
                          located,
                          middle,
                          located.count(),
                          partition.wireBytes() - bytes)));
        });
  }

  private static PartitionSpec cut(
      Partition partition, Located located, int from, int to, long bytes) {
    return new PartitionSpec(
        partition.kind(),
        partition.model(),
        partition.endpoint(),
        located.seq(from),
        located.seq(to - 1),
        to - from,
        bytes);
  }

  private Uni<Long> bytesBelow(Partition partition, Located located, long seq) {
    if (partition.kind() == PartitionKind.REPAIR) {
      return results.bytesHeldBelow(partition.id(), seq);
    }
    return Multi.createFrom()
        .iterable(located.chunks())
        .filter(chunk -> chunk.seqs().first() < seq)
        .onItem()
        .transformToUniAndConcatenate(chunk -> bytesBelow(partition, located, chunk, seq))
        .collect()
        .with(java.util.stream.Collectors.summingLong(Long::longValue));
  }

  /// A chunk is read only where the partition or its left half has a part of it.
  private Uni<Long> bytesBelow(Partition partition, Located located, RequestChunk chunk, long seq) {
    return chunk.seqs().first() >= partition.firstSeq() && chunk.seqs().last() < seq
        ? Uni.createFrom().item(BatchLineWriter.sizeOf(chunk))
        : blobs
            .get(new BlobKey(chunk.blobId(), chunk.n()))
            .chain(raw ->
                vertx.executeBlocking(
                    () -> bytesBelow(partition, located, chunk, raw, seq), false));
  }

  private static long bytesBelow(
      Partition partition, Located located, RequestChunk chunk, byte[] raw, long seq) {
    long bytes = 0;
    int overhead = BatchLineWriter.overhead(partition.endpoint());
    var lines = new StoredRequests(raw);
    for (int line = 0; lines.next(); line++) {
      long at = chunk.seqs().at(line);
      if (at < seq && located.contains(at)) {
        bytes += lines.bodyLength() + overhead;
      }
    }
    return bytes;
  }
}
