package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.TaskException.RepeatedIdsException;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestManifest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Turns suspicious hashes of ids into lines: reads the ids of the task and of the new body once
/// more, a chunk at a time, and keeps only those whose hash is suspected.
@ApplicationScoped
class DuplicateIdReporter {

  private static final com.fasterxml.jackson.core.JsonFactory JSON =
      new com.fasterxml.jackson.core.JsonFactory();

  private final BlobStore blobs;
  private final RequestManifest manifest;

  DuplicateIdReporter(BlobStore blobs, RequestManifest manifest) {
    this.blobs = blobs;
    this.manifest = manifest;
  }

  /// Always fails: with [InvalidLinesException], both places of each repeated id in it.
  <T> Uni<T> explain(
      RepeatedIdsException suspicion, UUID taskId, IngestAccumulator ingestAccumulator) {
    var suspects = new HashSet<>(suspicion.hashes());
    var seen = new HashMap<String, String>();
    var problems = new ArrayList<LineProblem>();
    return manifest
        .all(taskId)
        .chain(known ->
            scan(
                inOrder(known),
                suspects,
                (id, seq) -> seen.put(id, "request " + seq + " of the task")))
        .chain(() ->
            scan(
                inOrder(ingestAccumulator.append().chunks()),
                suspects,
                (id, place) -> note(id, ingestAccumulator.lineOf(place), seen, problems)))
        .chain(() ->
            Uni.createFrom()
                .failure(
                    problems.isEmpty()
                        ? new IllegalStateException(
                            "Two ids of different text share a 64-bit hash; change one of the ids.")
                        : new InvalidLinesException(
                            problems.subList(
                                0, Math.min(problems.size(), InvalidLinesException.MAX_LISTED)),
                            problems.size())));
  }

  private static void note(
      String id, long line, Map<String, String> seen, List<LineProblem> problems) {
    String before = seen.putIfAbsent(id, "line " + line);
    if (before != null) {
      problems.add(
          new LineProblem(
              line, "/custom_id", "duplicate_custom_id", "the same custom_id as " + before));
    }
  }

  private Uni<Void> scan(List<RequestChunk> chunks, Set<Long> suspects, Found found) {
    return Multi.createFrom()
        .iterable(chunks)
        .onItem()
        .transformToUniAndConcatenate(chunk ->
            blobs
                .get(new BlobKey(chunk.blobId(), chunk.n()))
                .invoke(raw -> scan(raw, chunk, suspects, found)))
        .onItem()
        .ignoreAsUni();
  }

  private static void scan(byte[] raw, RequestChunk chunk, Set<Long> suspects, Found found) {
    var requests = new StoredRequests(raw);
    for (int line = 0; requests.next(); line++) {
      byte[] id = requests.customId();
      if (id != null) {
        String text = text(id);
        if (suspects.contains(CustomIds.hash(text))) {
          found.accept(text, chunk.seqs().at(line));
        }
      }
    }
  }

  private static List<RequestChunk> inOrder(List<RequestChunk> chunks) {
    return chunks.stream()
        .sorted(java.util.Comparator.comparingLong(chunk -> chunk.seqs().first()))
        .toList();
  }

  private static String text(byte[] jsonString) {
    try (var parser = JSON.createParser(jsonString)) {
      var unused = parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new UncheckedIOException("Stored ids were JSON when they came", e);
    }
  }

  private interface Found {
    void accept(String id, long seq);
  }
}
