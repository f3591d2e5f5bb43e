package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.decode.BodyDecoder;
import dev.arcticsynth.pipeline.decode.UnreadableBodyException;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.pipeline.ingest.ParsedBlock.ParsedChunk;
import dev.arcticsynth.task.TaskException.RepeatedIdsException;
import dev.arcticsynth.task.payload.IngestedRequests;
import dev.arcticsynth.task.payload.RequestManifest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Ingests requests: validates and stores every line before the call is answered.
///
/// Blocks are parsed and stored side by side, in any order; the places of the requests are added up
/// at the end. Nothing is visible until the caller of [#store] commits the [IngestedRequests].
@ApplicationScoped
public class Ingest {

  /// `{}` and its end.
  private static final int SHORTEST_LINE = 3;

  private final BlobStore blobs;
  private final RequestManifest manifest;
  private final DuplicateIdReporter duplicateIdReporter;
  private final Vertx vertx;
  private final IngestConfig config;
  private final BodyMemory bodyMemory;

  Ingest(
      BlobStore blobs,
      RequestManifest manifest,
      DuplicateIdReporter duplicateIdReporter,
      Vertx vertx,
      IngestConfig config,
      BodyMemory bodyMemory) {
    this.blobs = blobs;
    this.manifest = manifest;
    this.duplicateIdReporter = duplicateIdReporter;
    this.vertx = vertx;
    this.config = config;
    this.bodyMemory = bodyMemory;
  }

  /// Stores the requests of a body and commits them; on any failure nothing is kept.
  ///
  /// Fails with [InvalidLinesException], [BodyTooLargeException], [BusyException] or what `commit`
  /// fails with.
  ///
  /// @param taskId the task that they are added to, for ids that it has already; any id for a new
  ///   one
  public <T> Uni<T> store(
      Multi<Buffer> body,
      UUID taskId,
      String taskName,
      RequestDefaults defaults,
      Function<IngestedRequests, Uni<T>> commit) {
    return Uni.createFrom()
        .deferred(() -> {
          BodyMemory.Share memory = bodyMemory.open();
          return store(memory, body, taskId, taskName, defaults, commit)
              .onTermination()
              .invoke(memory::close);
        })
        // The framework cancels the work for a closed connection. A body that is cut off fails by
        // itself; a complete one is committed. Neither may stop half way.
        .memoize()
        .indefinitely();
  }

  private <T> Uni<T> store(
      BodyMemory.Share memory,
      Multi<Buffer> body,
      UUID taskId,
      String taskName,
      RequestDefaults defaults,
      Function<IngestedRequests, Uni<T>> commit) {
    return blobs
        .begin()
        .chain(blobId ->
            intake(memory, blobId, body, taskName, defaults)
                .chain(ingestAccumulator ->
                    ingestAccumulator
                        .check(config.maxRequests())
                        .chain(() -> noRepeats(blobId, ingestAccumulator))
                        .invoke(() -> Failpoint.hit("ingest.before-commit"))
                        .chain(() -> commit.apply(ingestAccumulator.append()))
                        .invoke(() -> Failpoint.hit("ingest.after-commit"))
                        .onFailure(RepeatedIdsException.class)
                        .recoverWithUni(e ->
                            duplicateIdReporter.explain(
                                (RepeatedIdsException) e, taskId, ingestAccumulator)))
                // Not deleted: where the answer to the commit was lost, it may be the caller's.
                .onFailure()
                .call(() -> blobs.discard(blobId).onFailure().recoverWithNull()));
  }

  private Uni<IngestAccumulator> intake(
      BodyMemory.Share memory,
      UUID blobId,
      Multi<Buffer> body,
      String taskName,
      RequestDefaults defaults) {
    var ingestAccumulator = new IngestAccumulator(blobId, config.maxModels(), config.maxBytes());
    return new LineBlockSplitter(config.maxLineBytes(), config.maxBytes(), memory)
        .of(BodyDecoder.lines(body))
        .onFailure(UnreadableBodyException.class)
        .transform(e -> InvalidLinesException.of((UnreadableBodyException) e))
        .onItem()
        .transformToUniAndConcatenate(block ->
            memory
                .beginStoring(cost(block, defaults))
                .invoke(() -> memory.shrink(block.counted()))
                .replaceWith(block))
        .onItem()
        .transformToUni(block ->
            store(block, memory, taskName, defaults, ingestAccumulator)
                .onTermination()
                .invoke(() -> memory.endStoring(cost(block, defaults))))
        .merge(config.concurrency())
        .onItem()
        .ignoreAsUni()
        .replaceWith(ingestAccumulator);
  }

  /// The caller's lines, and what is made of them: the stored form, a copy of it, and its
  /// compressed form on the way to the database.
  private static long cost(LineBlock block, RequestDefaults defaults) {
    long most = block.length() + defaults.bytes() * (block.length() / SHORTEST_LINE + 1L);
    return block.bytes().length
        + 3 * Math.min(most, (long) block.length() + RequestParser.MOST_STORED);
  }

  /// In several parts where the task's defaults make much of little.
  private Uni<Void> store(
      LineBlock block,
      BodyMemory.Share memory,
      String taskName,
      RequestDefaults defaults,
      IngestAccumulator ingestAccumulator) {
    var at = new AtomicInteger();
    return Multi.createBy()
        .repeating()
        .uni(() ->
            vertx
                .executeBlocking(
                    () -> new RequestParser(defaults, taskName, config).parse(block, at.get()),
                    false)
                .call(parsed -> keep(parsed, memory, ingestAccumulator))
                .invoke(parsed -> at.set(parsed.next())))
        .whilst(parsed -> parsed.next() < block.length())
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> keep(
      ParsedBlock parsed, BodyMemory.Share memory, IngestAccumulator ingestAccumulator) {
    memory.grow(parsed.remembered());
    if (ingestAccumulator.isSpoilt() || parsed.problemsTotal() > 0) {
      ingestAccumulator.add(parsed, List.of());
      return Uni.createFrom().voidItem();
    }
    int first = ingestAccumulator.reserve(parsed.chunks().size());
    ingestAccumulator.add(
        parsed,
        java.util.stream.IntStream.range(first, first + parsed.chunks().size()).boxed().toList());
    return Multi.createFrom()
        .range(0, parsed.chunks().size())
        .onItem()
        .transformToUniAndConcatenate(
            i -> put(ingestAccumulator.blobId(), first + i, parsed.chunks().get(i)))
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> put(UUID blobId, int n, ParsedChunk chunk) {
    Uni<Void> stored = blobs.put(new BlobKey(blobId, n), chunk.raw());
    return chunk.hashes().length == 0
        ? stored
        : stored.chain(() -> manifest.putHashes(blobId, n, chunk.hashes()));
  }

  private Uni<Void> noRepeats(UUID blobId, IngestAccumulator ingestAccumulator) {
    if (!ingestAccumulator.append().hasExplicitIds()) {
      return Uni.createFrom().voidItem();
    }
    return manifest
        .repeatedHashes(blobId, InvalidLinesException.MAX_LISTED)
        .invoke(hashes -> {
          if (!hashes.isEmpty()) {
            throw new RepeatedIdsException(hashes);
          }
        })
        .replaceWithVoid();
  }
}
