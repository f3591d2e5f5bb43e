package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.ingest.InvalidLinesException;
import dev.arcticsynth.pipeline.ingest.RequestLineReader;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.AdoptedBatches.AdoptedBatch;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestManifest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/// Compares files that another client has uploaded with the requests of a task.
@ApplicationScoped
class FileComparison {

  private final RequestManifest manifest;
  private final BlobStore blobs;
  private final RequestLineReader requestLineReader;
  private final InstantSource clock;
  private final Vertx vertx;

  FileComparison(
      RequestManifest manifest,
      BlobStore blobs,
      RequestLineReader requestLineReader,
      InstantSource clock,
      Vertx vertx) {
    this.manifest = manifest;
    this.blobs = blobs;
    this.requestLineReader = requestLineReader;
    this.clock = clock;
    this.vertx = vertx;
  }

  /// Which requests each batch holds. Fails with `AdoptionRefusedException` where one was not made
  /// for the task's requests, or where that cannot be proved.
  Uni<List<AdoptedBatch>> all(Task task, Provider provider, Collection<ListedBatch> batches) {
    return batches.isEmpty()
        ? Uni.createFrom().item(List.of())
        : stored(task)
            .chain(stored ->
                Multi.createFrom()
                    .iterable(batches)
                    .onItem()
                    .transformToUniAndConcatenate(batch -> compared(task, provider, batch, stored))
                    .collect()
                    .asList());
  }

  private Uni<AdoptedBatch> compared(
      Task task, Provider provider, ListedBatch batch, StoredIndex stored) {
    var file = new ForeignFile(batch.id(), stored);
    return requestLineReader
        .read(provider.download(batch.fileId()), task, file)
        .onFailure(InvalidLinesException.class)
        .transform(bad ->
            ForeignBatches.refused(
                "Batch %s was made from a file with lines that are no requests: %s"
                    .formatted(batch.id(), bad.getMessage())))
        .onFailure(FileComparison::isGone)
        .transform(_ ->
            ForeignBatches.refused(
                "The file %s that batch %s was made from is not there any more, so that its requests cannot be compared."
                    .formatted(batch.fileId(), batch.id())))
        .map(_ ->
            new AdoptedBatch(
                file.cut(),
                batch.fileId(),
                batch.id(),
                batch.createdAt().orElseGet(clock::instant)));
  }

  private static boolean isGone(Throwable failure) {
    return failure instanceof ProviderException known
        && known.kind() == ProviderException.Kind.NOT_FOUND;
  }

  private Uni<StoredIndex> stored(Task task) {
    var stored = new StoredIndex(task.requests());
    return manifest
        .all(task.id())
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(chunk -> add(chunk, stored))
        .onItem()
        .ignoreAsUni()
        .replaceWith(stored);
  }

  private Uni<Boolean> add(RequestChunk chunk, StoredIndex stored) {
    return blobs
        .get(new BlobKey(chunk.blobId(), chunk.n()))
        .chain(raw ->
            vertx.executeBlocking(
                () -> {
                  stored.add(chunk, raw);
                  return true;
                },
                false));
  }
}
