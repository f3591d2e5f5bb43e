package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.LongPredicate;

/// Writes a partition's requests in the provider's format: the OpenAI batch line, with our ids.
public final class BatchLineWriter {

  private static final byte[] BEFORE_ID = "{\"custom_id\":\"".getBytes(UTF_8);
  private static final byte[] END = "}\n".getBytes(UTF_8);

  private final WireId ids;
  private final byte[] afterId;
  private final Optional<ModelRewriter> other;

  public BatchLineWriter(WireNaming names) {
    Partition partition = names.partition();
    this.other =
        names.renamesModel()
            ? Optional.of(new ModelRewriter(partition.model(), names.model()))
            : Optional.empty();
    this.ids = new WireId(partition.id(), partition.ordinal());
    this.afterId = afterId(names.url());
  }

  /// Bytes of a line besides its body.
  public static int overhead(String endpoint) {
    return BEFORE_ID.length + WireId.LENGTH + afterId(endpoint).length + END.length;
  }

  /// The lines of those requests of a chunk that are wanted, by sequence number.
  public Buffer write(byte[] chunk, SequenceSet sequenceSet, LongPredicate wanted) {
    var out =
        new GrowableBytes(
            chunk.length
                + sequenceSet.count() * (BEFORE_ID.length + WireId.LENGTH + afterId.length));
    var requests = new StoredRequests(chunk);
    for (int line = 0; requests.next(); line++) {
      long seq = sequenceSet.at(line);
      if (wanted.test(seq)) {
        out.write(BEFORE_ID);
        ids.write(out, seq);
        out.write(afterId);
        if (other.isPresent()) {
          other.get().write(requests.body(), out);
        } else {
          requests.writeBody(out);
        }
        out.write(END);
      }
    }
    return Buffer.newInstance(
        io.vertx.core.buffer.Buffer.buffer(
            io.netty.buffer.Unpooled.wrappedBuffer(out.array(), 0, out.size())));
  }

  private static byte[] afterId(String endpoint) {
    return ("\",\"method\":\"POST\",\"url\":\"" + endpoint + "\",\"body\":").getBytes(UTF_8);
  }

  public static long sizeOf(RequestChunk chunk) {
    return chunk.bodyBytes() + (long) chunk.seqs().count() * overhead(chunk.endpoint());
  }
}
