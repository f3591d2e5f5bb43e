package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.pipeline.ingest.ParsedBlock.ParsedChunk;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.Task;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;

/// Reads request lines as [Ingest] does and stores nothing: what it shows can be compared with what
/// is stored, byte for byte.
@ApplicationScoped
public class RequestLineReader {

  private final Vertx vertx;
  private final IngestConfig config;

  RequestLineReader(Vertx vertx, IngestConfig config) {
    this.vertx = vertx;
    this.config = config;
  }

  /// Sees requests one by one, those of one model and endpoint in their order.
  public interface Visitor {
    /// @param request the cursor stands on it
    void see(String model, String endpoint, StoredRequests request);
  }

  /// Fails with [InvalidLinesException] at the first bad line, and with what the visitor throws.
  /// The visitor is called on a worker thread, never twice at a time.
  public Uni<Void> read(Multi<Buffer> lines, Task task, Visitor visitor) {
    var defaults = RequestDefaults.of(task);
    return new LineBlockSplitter(config.maxLineBytes(), config.maxBytes())
        .of(lines)
        .onItem()
        .transformToUniAndConcatenate(block ->
            vertx.executeBlocking(
                () -> {
                  show(block, new RequestParser(defaults, task.name()), visitor);
                  return true;
                },
                false))
        .onItem()
        .ignoreAsUni();
  }

  private static void show(LineBlock block, RequestParser parser, Visitor visitor) {
    ParsedBlock parsed = parser.parse(block);
    if (parsed.problemsTotal() > 0) {
      throw new InvalidLinesException(parsed.problems(), parsed.problemsTotal());
    }
    for (ParsedChunk chunk : parsed.chunks()) {
      var requests = new StoredRequests(chunk.raw());
      while (requests.next()) {
        visitor.see(chunk.model(), chunk.endpoint(), requests);
      }
    }
  }
}
