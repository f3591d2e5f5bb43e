package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.payload.RequestOutcome;
import dev.arcticsynth.task.payload.SequenceSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes result lines of requests that have no good answer.
final class ErrorLines {

  private static final byte[] BEFORE_ID = "{\"id\":null,\"custom_id\":".getBytes(UTF_8);
  private static final byte[] BEFORE_RESPONSE = ",\"response\":".getBytes(UTF_8);
  private static final byte[] BEFORE_CODE = ",\"error\":{\"code\":\"".getBytes(UTF_8);
  private static final byte[] BEFORE_MESSAGE = "\",\"message\":\"".getBytes(UTF_8);
  private static final byte[] END = "\"}}\n".getBytes(UTF_8);
  private static final byte[] NULL = "null".getBytes(UTF_8);

  private final GrowableBytes out = new GrowableBytes(64 * 1024);
  private long[] seqs = new long[64];
  private int count;

  void add(RequestOutcome requestOutcome) {
    add(
        requestOutcome.seq(),
        requestOutcome.customId(),
        requestOutcome.response(),
        escaped(requestOutcome.code()),
        escaped(requestOutcome.message()));
  }

  /// The same error for those requests of a chunk that are between two numbers, both included.
  static ChunkCursor ofRequests(
      String taskName,
      byte[] raw,
      SequenceSet sequenceSet,
      long first,
      long last,
      String code,
      String message) {
    var lines = new ErrorLines();
    var requests = new StoredRequests(raw);
    byte[] escapedCode = escaped(code);
    byte[] escapedMessage = escaped(message);
    for (int line = 0; requests.next(); line++) {
      long seq = sequenceSet.at(line);
      if (seq >= first && seq <= last) {
        byte[] id = requests.customId();
        lines.add(
            seq,
            id == null ? CustomIds.generated(taskName, seq) : id,
            null,
            escapedCode,
            escapedMessage);
      }
    }
    return lines.cursor();
  }

  private void add(
      long seq, byte[] customId, byte @Nullable [] response, byte[] code, byte[] message) {
    if (count == seqs.length) {
      seqs = Arrays.copyOf(seqs, count * 2);
    }
    seqs[count++] = seq;
    out.write(BEFORE_ID);
    out.write(customId);
    out.write(BEFORE_RESPONSE);
    out.write(response == null ? NULL : response);
    out.write(BEFORE_CODE);
    out.write(code);
    out.write(BEFORE_MESSAGE);
    out.write(message);
    out.write(END);
  }

  ChunkCursor cursor() {
    if (count == 0) {
      return new ChunkCursor(new byte[0], SequenceSet.range(0, 0));
    }
    int[] offsets = new int[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = Math.toIntExact(seqs[i] - seqs[0]);
    }
    return new ChunkCursor(out.toByteArray(), SequenceSet.of(seqs[0], offsets));
  }

  private static byte[] escaped(String text) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(text);
  }
}
