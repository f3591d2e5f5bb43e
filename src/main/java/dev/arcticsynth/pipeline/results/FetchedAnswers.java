package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.pipeline.lines.TaskWireIds;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestManifest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Turns a file of answers that was fetched from the provider by other means into results with the
/// callers' ids. It is checked as a download is; nothing of it is stored.
@ApplicationScoped
public class FetchedAnswers {

  private static final byte[] BEFORE_ID = "{\"id\":".getBytes(UTF_8);
  private static final byte[] BEFORE_CUSTOM_ID = ",\"custom_id\":".getBytes(UTF_8);
  private static final byte[] BEFORE_RESPONSE = ",\"response\":".getBytes(UTF_8);
  private static final byte[] AFTER_RESPONSE = ",\"error\":null}\n".getBytes(UTF_8);
  private static final byte[] BEFORE_CODE = ",\"error\":{\"code\":\"".getBytes(UTF_8);
  private static final byte[] BEFORE_MESSAGE = "\",\"message\":\"".getBytes(UTF_8);
  private static final byte[] END = "\"}}\n".getBytes(UTF_8);

  private final Staging staging;
  private final PartitionRepository partitions;
  private final RequestManifest manifest;
  private final BlobStore blobs;
  private final Vertx vertx;

  FetchedAnswers(
      Staging staging,
      PartitionRepository partitions,
      RequestManifest manifest,
      BlobStore blobs,
      Vertx vertx) {
    this.staging = staging;
    this.partitions = partitions;
    this.manifest = manifest;
    this.blobs = blobs;
    this.vertx = vertx;
  }

  /// What became of a file.
  ///
  /// @param lines result lines, by model and then in input order; to be read before the use ends
  /// @param leftOut what is no answer of the task, counted
  public record Results(Multi<byte[]> lines, Optional<String> leftOut) {}

  /// Not one line of a file is an answer of the task.
  public static final class NoAnswersException extends RuntimeException {
    NoAnswersException(Optional<String> oddities) {
      super(
          "Not one line of this file is an answer of the task (%s)."
              .formatted(oddities.orElse("it is empty")));
    }
  }

  /// Fails with [NoAnswersException]; then nothing is used.
  public Uni<Void> read(Task task, Multi<Buffer> file, Function<Results, Uni<Void>> use) {
    return staging.with(folder ->
        staging
            .write(folder, file)
            .chain(path ->
                manifest
                    .all(task.id())
                    .chain(chunks ->
                        partitions
                            .allOf(task.id())
                            .chain(all ->
                                indexed(task, chunks, all, path)
                                    .chain(index ->
                                        used(task, chunks, index, use)
                                            .eventually(index.answers()::close))))));
  }

  private record Index(Located located, AnswerIndex answers) {}

  private Uni<Index> indexed(Task task, List<RequestChunk> chunks, List<Partition> all, Path path) {
    var located =
        Located.picked(LongStream.range(0, task.requests()).toArray(), List.copyOf(chunks));
    var names = new TaskWireIds(all);
    return vertx.executeBlocking(
        () -> new Index(located, AnswerIndex.read(located, names, List.of(path))), false);
  }

  private Uni<Void> used(
      Task task, List<RequestChunk> chunks, Index index, Function<Results, Uni<Void>> use) {
    if (index.answers().placed() == 0) {
      return Uni.createFrom().failure(new NoAnswersException(index.answers().oddities()));
    }
    Multi<byte[]> lines =
        Multi.createFrom()
            .iterable(chunks)
            .filter(chunk -> isAnswered(chunk, index))
            .onItem()
            .transformToUniAndConcatenate(chunk ->
                blobs
                    .get(new BlobKey(chunk.blobId(), chunk.n()))
                    .chain(
                        raw -> vertx.executeBlocking(() -> lines(task, chunk, raw, index), false)));
    return use.apply(new Results(lines, index.answers().oddities()));
  }

  private static boolean isAnswered(RequestChunk chunk, Index index) {
    for (int line = 0; line < chunk.seqs().count(); line++) {
      if (isThere(index, index.located().placeOf(chunk.seqs().at(line)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isThere(Index index, int place) {
    return place >= 0
        && (index.answers().succeeded(place)
            || index.answers().fault(place) != AnswerLine.Fault.MISSING);
  }

  private static byte[] lines(Task task, RequestChunk chunk, byte[] raw, Index index) {
    var out = new GrowableBytes(raw.length);
    var requests = new StoredRequests(raw);
    for (int line = 0; requests.next(); line++) {
      long seq = chunk.seqs().at(line);
      int place = index.located().placeOf(seq);
      if (isThere(index, place)) {
        byte @Nullable [] id = requests.customId();
        write(index.answers(), place, id == null ? CustomIds.generated(task.name(), seq) : id, out);
      }
    }
    return out.toByteArray();
  }

  private static void write(AnswerIndex answers, int place, byte[] customId, GrowableBytes out) {
    out.write(BEFORE_ID);
    answers.writeId(place, out);
    out.write(BEFORE_CUSTOM_ID);
    out.write(customId);
    out.write(BEFORE_RESPONSE);
    answers.writeResponse(place, out);
    if (answers.succeeded(place)) {
      out.write(AFTER_RESPONSE);
      return;
    }
    AnswerLine.Fault fault = answers.fault(place);
    out.write(BEFORE_CODE);
    out.write(JsonStringEncoder.getInstance().quoteAsUTF8(fault.code()));
    out.write(BEFORE_MESSAGE);
    out.write(JsonStringEncoder.getInstance().quoteAsUTF8(fault.message()));
    out.write(END);
  }
}
