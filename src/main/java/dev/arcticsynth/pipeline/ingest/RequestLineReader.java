package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.pipeline.ingest.ParsedBlock.ParsedChunk;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskRepository;
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
  private final TaskRepository tasks;

  RequestLineReader(Vertx vertx, IngestConfig config, TaskRepository tasks) {
    this.tasks = tasks;
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
    return tasks
        .defaults(task.id())
        .chain(defaults -> read(lines, task, RequestDefaults.of(task, defaults), visitor));
  }

  /// One block at a time, and no caller's: its memory needs no count.
  private Uni<Void> read(
      Multi<Buffer> lines, Task task, RequestDefaults defaults, Visitor visitor) {
    return new LineBlockSplitter(config.maxLineBytes(), config.maxBytes(), BodyMemory.uncounted())
        .of(lines)
        .onItem()
        .transformToUniAndConcatenate(block ->
            vertx.executeBlocking(
                () -> {
                  int at = 0;
                  do {
                    at = show(block, at, new RequestParser(defaults, task.name(), config), visitor);
                  } while (at < block.length());
                  return true;
                },
                false))
        .onItem()
        .ignoreAsUni();
  }

  private static int show(LineBlock block, int begin, RequestParser parser, Visitor visitor) {
    ParsedBlock parsed = parser.parse(block, begin);
    if (parsed.problemsTotal() > 0) {
      throw new InvalidLinesException(parsed.problems(), parsed.problemsTotal());
    }
    for (ParsedChunk chunk : parsed.chunks()) {
      var requests = new StoredRequests(chunk.raw());
      while (requests.next()) {
        visitor.see(chunk.model(), chunk.endpoint(), requests);
      }
    }
    return parsed.next();
  }
}
