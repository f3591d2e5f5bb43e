package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.RefusedLine;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.StopReason;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskState;
import dev.arcticsynth.task.payload.Publication;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestOutcome;
import dev.arcticsynth.task.payload.ResultChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Writes the lines of a partition's results, request by request in input order, and decides the
/// fate of requests without a good answer. One instance a publication; one thread at a time.
final class ResultWriter {

  private static final int CHUNK_BYTES = 1 << 20;

  /// Attempts of a request that was run and has no answer: each costs money.
  private static final int AFTER_A_RUN = 2;

  private final Task task;
  private final Partition partition;
  private final Located located;
  private final AnswerIndex answerIndex;
  private final UUID blobId;
  private final Map<Long, RefusedLine> refused = new HashMap<>();
  private final int overhead;
  private final List<ResultChunk> written = new ArrayList<>();
  private final List<RequestOutcome> unanswered = new ArrayList<>();
  private GrowableBytes open = new GrowableBytes(CHUNK_BYTES + 64 * 1024);
  private long[] seqs = new long[256];
  private int lines;

  ResultWriter(
      Task task, Partition partition, Located located, AnswerIndex answerIndex, UUID blobId) {
    this.task = task;
    this.partition = partition;
    this.located = located;
    this.answerIndex = answerIndex;
    this.blobId = blobId;
    this.overhead = BatchLineWriter.overhead(partition.endpoint());
    partition.refused().map(RefusedLine::read).orElse(List.of()).stream()
        .filter(line -> line.line() >= 1 && line.line() <= located.count())
        .forEach(line -> refused.putIfAbsent(located.seq(line.line() - 1), line));
  }

  UUID blobId() {
    return blobId;
  }

  /// A full chunk.
  record Chunk(int n, byte[] raw) {}

  /// Without the caller's ids and with all answers present, the request chunk is not needed.
  boolean needsRequests(RequestChunk chunk) {
    if (task.hasExplicitIds()) {
      return true;
    }
    for (int line = 0; line < chunk.seqs().count(); line++) {
      int place = located.placeOf(chunk.seqs().at(line));
      if (place >= 0 && !answerIndex.succeeded(place)) {
        return true;
      }
    }
    return false;
  }

  /// Adds the results of a chunk's requests; the chunks that became full.
  List<Chunk> add(RequestChunk chunk, Optional<byte[]> raw) {
    var full = new ArrayList<Chunk>();
    var requests = raw.map(StoredRequests::new);
    for (int line = 0; line < chunk.seqs().count(); line++) {
      boolean has = requests.map(StoredRequests::next).orElse(false);
      long seq = chunk.seqs().at(line);
      int place = located.placeOf(seq);
      if (place < 0) {
        continue;
      }
      byte[] id =
          requests.flatMap(r -> Optional.ofNullable(has ? r.customId() : null)).orElse(null);
      byte[] customId = id == null ? CustomIds.generated(task.name(), seq) : id;
      if (answerIndex.succeeded(place)) {
        answer(place, seq, customId);
        if (open.size() >= CHUNK_BYTES) {
          full.add(close());
        }
      } else {
        long wireBytes = requests.map(StoredRequests::bodyLength).orElse(0) + overhead;
        unanswered.add(fate(place, seq, customId, wireBytes));
      }
    }
    return full;
  }

  /// The last chunk, if it holds anything.
  Optional<Chunk> rest() {
    return lines == 0 ? Optional.empty() : Optional.of(close());
  }

  Publication publication() {
    return new Publication(
        blobId, written, unanswered, answerIndex.inputTokens(), answerIndex.outputTokens());
  }

  private void answer(int place, long seq, byte[] customId) {
    open.write(BEFORE_ID);
    answerIndex.writeId(place, open);
    open.write(BEFORE_CUSTOM_ID);
    open.write(customId);
    open.write(BEFORE_RESPONSE);
    answerIndex.writeResponse(place, open);
    open.write(AFTER_RESPONSE);
    if (lines == seqs.length) {
      seqs = Arrays.copyOf(seqs, lines * 2);
    }
    seqs[lines++] = seq;
  }

  private static final byte[] BEFORE_ID = "{\"id\":".getBytes(UTF_8);
  private static final byte[] BEFORE_CUSTOM_ID = ",\"custom_id\":".getBytes(UTF_8);
  private static final byte[] BEFORE_RESPONSE = ",\"response\":".getBytes(UTF_8);
  private static final byte[] AFTER_RESPONSE = ",\"error\":null}\n".getBytes(UTF_8);

  private Chunk close() {
    int[] offsets = new int[lines];
    for (int i = 0; i < lines; i++) {
      offsets[i] = Math.toIntExact(seqs[i] - seqs[0]);
    }
    var chunk = new Chunk(written.size(), open.toByteArray());
    written.add(new ResultChunk(blobId, chunk.n(), SequenceSet.of(seqs[0], offsets)));
    open = new GrowableBytes(CHUNK_BYTES + 64 * 1024);
    lines = 0;
    return chunk;
  }

  private RequestOutcome fate(int place, long seq, byte[] customId, long wireBytes) {
    // A file that was refused as a whole does not count as a request attempt.
    boolean unbilled = partition.refused().isPresent();
    var fault = answerIndex.fault(place);
    RefusedLine named = refused.get(seq);
    if (named != null) {
      return outcome(
          place,
          seq,
          customId,
          wireBytes,
          RequestOutcome.State.FAILED,
          named.code(),
          named.message());
    }
    if (task.state() == TaskState.CANCELLING && fault.isRetryable()) {
      var stopReason = task.stoppedBy().orElse(StopReason.CALLER);
      return outcome(
          place,
          seq,
          customId,
          wireBytes,
          RequestOutcome.State.CANCELLED,
          stopReason.code(),
          stopReason.message());
    }
    if (!fault.isRetryable()) {
      return outcome(
          place,
          seq,
          customId,
          wireBytes,
          RequestOutcome.State.FAILED,
          fault.code(),
          fault.message());
    }
    int attempts = fault.isRun() ? Math.min(AFTER_A_RUN, task.maxAttempts()) : task.maxAttempts();
    if (!unbilled && partition.requestAttempt() >= attempts) {
      return outcome(
          place,
          seq,
          customId,
          wireBytes,
          RequestOutcome.State.FAILED,
          "retries_exhausted",
          "No answer after %d attempts; the last failure: %s (%s)"
              .formatted(partition.requestAttempt(), fault.message(), fault.code()));
    }
    return outcome(
        place,
        seq,
        customId,
        wireBytes,
        RequestOutcome.State.WAITING,
        fault.code(),
        fault.message());
  }

  private RequestOutcome outcome(
      int place,
      long seq,
      byte[] customId,
      long wireBytes,
      RequestOutcome.State state,
      String code,
      String message) {
    int requestAttempts = partition.requestAttempt() - (partition.refused().isPresent() ? 1 : 0);
    return new RequestOutcome(
        seq,
        state,
        requestAttempts,
        wireBytes,
        code,
        message,
        customId,
        answerIndex.response(place).orElse(null));
  }
}
