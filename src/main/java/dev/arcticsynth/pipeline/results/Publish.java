package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.payload.Publication;
import dev.arcticsynth.task.payload.RequestChunk;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Turns staged answers into result chunks in input order, with the caller's ids put back.
///
/// Walks the partition's request chunks in order; a chunk is read only when its ids or the requests
/// that have no answer are needed. Holds one request chunk and one result chunk.
@ApplicationScoped
class Publish {

  private final BlobStore blobs;
  private final Vertx vertx;

  Publish(BlobStore blobs, Vertx vertx) {
    this.blobs = blobs;
    this.vertx = vertx;
  }

  /// Stores the results; they count when the caller commits the publication.
  Uni<Publication> run(Task task, Partition partition, Located located, AnswerIndex answerIndex) {
    return blobs
        .begin()
        .chain(blobId -> {
          var results = new ResultWriter(task, partition, located, answerIndex, blobId);
          return Multi.createFrom()
              .iterable(located.chunks())
              .onItem()
              .transformToUniAndConcatenate(chunk -> add(chunk, results))
              .onItem()
              .ignoreAsUni()
              .chain(() -> put(results, results.rest()))
              .map(done -> results.publication());
        });
  }

  private Uni<Void> add(RequestChunk chunk, ResultWriter results) {
    Uni<Optional<byte[]>> requests =
        results.needsRequests(chunk)
            ? blobs.get(new BlobKey(chunk.blobId(), chunk.n())).map(Optional::of)
            : Uni.createFrom().item(Optional.empty());
    return requests
        .chain(raw -> vertx.executeBlocking(() -> results.add(chunk, raw), false))
        .chain(full ->
            Multi.createFrom()
                .iterable(full)
                .onItem()
                .transformToUniAndConcatenate(closed -> put(results, Optional.of(closed)))
                .onItem()
                .ignoreAsUni());
  }

  private Uni<Void> put(ResultWriter results, Optional<ResultWriter.Chunk> chunk) {
    return chunk
        .map(full -> blobs.put(new BlobKey(results.blobId(), full.n()), full.raw()))
        .orElseGet(() -> Uni.createFrom().voidItem());
  }
}
