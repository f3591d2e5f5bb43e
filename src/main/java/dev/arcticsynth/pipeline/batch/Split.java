package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.lines.WireNaming;
import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.PartitionSpec;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskSteps;
import dev.arcticsynth.task.TaskSteps.RepairLimits;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestManifest;
import dev.arcticsynth.task.quota.FileSizeLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.OptionalLong;

/// Cuts a sealed task into partitions: by model and endpoint, then by requests, bytes and inputs.
///
/// Works on the manifest; a chunk is read only where a cut falls inside it.
@ApplicationScoped
public class Split {

  private final RequestManifest manifest;
  private final BlobStore blobs;
  private final TaskSteps tasks;
  private final FileSizeLimits sizes;

  Split(RequestManifest manifest, BlobStore blobs, TaskSteps tasks, FileSizeLimits sizes) {
    this.sizes = sizes;
    this.manifest = manifest;
    this.blobs = blobs;
    this.tasks = tasks;
  }

  public Uni<Void> run(Claim claim, Task task, Provider provider) {
    return sizes
        .largest(provider.name())
        .map(largest -> within(smaller(provider.limits(), largest), task))
        .chain(limits ->
            manifest
                .all(task.id())
                .chain(chunks ->
                    cut(chunks, new PartitionPacker(limits, model -> growth(model, provider)))))
        .chain(cuts -> tasks.split(claim, cuts))
        .replaceWithVoid();
  }

  /// Cuts the requests that are wanted, for a task of which some have batches already.
  Uni<List<PartitionSpec>> rest(Task task, Provider provider, Wanted wanted) {
    var partitionPacker =
        new PartitionPacker(within(provider.limits(), task), model -> growth(model, provider));
    return manifest
        .all(task.id())
        .onItem()
        .transformToMulti(Multi.createFrom()::iterable)
        .onItem()
        .transformToUniAndConcatenate(chunk ->
            blobs
                .get(new BlobKey(chunk.blobId(), chunk.n()))
                .invoke(
                    raw -> partitionPacker.addLines(chunk, raw, seq -> wanted.test(chunk, seq))))
        .onItem()
        .ignoreAsUni()
        .map(_ -> partitionPacker.finish());
  }

  /// Selects requests of a task.
  interface Wanted {
    boolean test(RequestChunk chunk, long seq);
  }

  /// Files of that size are refused.
  private static BatchLimits smaller(BatchLimits limits, OptionalLong largest) {
    return new BatchLimits(
        limits.maxRequests(),
        Math.min(limits.maxFileBytes(), largest.orElse(Long.MAX_VALUE)),
        limits.maxEmbeddingInputs(),
        limits.endpoints());
  }

  /// Retried requests are cut like new ones; those that make too large a file are halved later.
  public static RepairLimits repairs(Provider provider, Task task) {
    var limits = within(provider.limits(), task);
    return new RepairLimits(
        limits.maxRequests(), limits.maxFileBytes(), model -> growth(model, provider));
  }

  /// By how many bytes a line of the model may grow for the deployment that answers it.
  private static int growth(String model, Provider provider) {
    return provider.pool(model).stream()
        .mapToInt(other -> Math.max(0, WireNaming.longer(model, other)))
        .max()
        .orElse(0);
  }

  /// What a provider takes, lowered to what the task asks for.
  private static BatchLimits within(BatchLimits limits, Task task) {
    return new BatchLimits(
        Math.min(limits.maxRequests(), task.batchSize().orElse(Integer.MAX_VALUE)),
        Math.min(limits.maxFileBytes(), task.maxFileBytes().orElse(Long.MAX_VALUE)),
        limits.maxEmbeddingInputs(),
        limits.endpoints());
  }

  private Uni<List<PartitionSpec>> cut(List<RequestChunk> chunks, PartitionPacker partitionPacker) {
    return Multi.createFrom()
        .iterable(chunks)
        .onItem()
        .transformToUniAndConcatenate(chunk -> add(chunk, partitionPacker))
        .onItem()
        .ignoreAsUni()
        .map(done -> partitionPacker.finish());
  }

  private Uni<Void> add(RequestChunk chunk, PartitionPacker partitionPacker) {
    if (partitionPacker.addWhole(chunk)) {
      return Uni.createFrom().voidItem();
    }
    return blobs
        .get(new BlobKey(chunk.blobId(), chunk.n()))
        .invoke(raw -> partitionPacker.addLines(chunk, raw))
        .replaceWithVoid();
  }
}
