package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.results.MergeIterator.LineSource;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.StopReason;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskState;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.RequestManifest;
import dev.arcticsynth.task.payload.RequestOutcome;
import dev.arcticsynth.task.payload.ResultChunk;
import dev.arcticsynth.task.payload.ResultManifest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One result a request, in input order. The merge is a manifest, not a copy: chunks of answers,
/// fates of requests without one, and requests of partitions that were never answered are read side
/// by side, each sorted, and the line with the lowest number goes out next.
///
/// Memory: one chunk for each partition that overlaps the current place, so one for each model of a
/// task, and one for each repair.
@ApplicationScoped
public class ResultReader {

  private static final int OUTCOMES_A_PAGE = 500;

  private final RequestManifest requests;
  private final ResultManifest results;
  private final PartitionRepository partitions;
  private final BlobStore blobs;
  private final Vertx vertx;

  ResultReader(
      RequestManifest requests,
      ResultManifest results,
      PartitionRepository partitions,
      BlobStore blobs,
      Vertx vertx) {
    this.requests = requests;
    this.results = results;
    this.partitions = partitions;
    this.blobs = blobs;
    this.vertx = vertx;
  }

  /// The lines known so far, as JSON lines, some hundred KiB an item; back-pressure is honoured.
  public Multi<byte[]> lines(Task task, ResultsQuery query) {
    return scope(task, query)
        .chain(scope ->
            scope
                .map(found -> sources(task, found))
                .orElseGet(() -> Uni.createFrom().item(List.of())))
        .onItem()
        .transformToMulti(sources -> {
          var lines = new MergeIterator(sources, query, vertx);
          return Multi.createBy()
              .repeating()
              .uni(lines::next)
              .whilst(batch -> batch.isPresent())
              .filter(Optional::isPresent)
              .map(Optional::get)
              .filter(batch -> batch.length > 0);
        });
  }

  /// What a query comes to once its partition is found.
  private record Scope(ResultsQuery query, Optional<Partition> partition) {
    boolean covers(Partition other) {
      return partition.map(wanted -> wanted.ordinal() == other.ordinal()).orElse(true);
    }
  }

  /// An unknown partition has no results.
  private Uni<Optional<Scope>> scope(Task task, ResultsQuery query) {
    if (query.partition().isEmpty()) {
      return Uni.createFrom().item(Optional.of(new Scope(query, Optional.empty())));
    }
    int ordinal = query.partition().getAsInt();
    return partitions
        .ofTask(task.id(), ordinal - 1, 1)
        .map(found ->
            found.stream()
                .filter(partition -> partition.ordinal() == ordinal)
                .map(partition -> new Scope(query, Optional.of(partition)))
                .findFirst());
  }

  private Uni<List<LineSource>> sources(Task task, Scope scope) {
    var query = scope.query();
    var sources = new ArrayList<LineSource>();
    return results
        .chunks(task.id(), query.from(), scope.partition().map(Partition::id))
        .invoke(chunks -> {
          if (query.kinds().contains(ResultsQuery.Kind.SUCCEEDED)) {
            chunks.forEach(chunk -> sources.add(answers(chunk)));
          }
        })
        .chain(() -> unanswered(task, scope))
        .invoke(sources::addAll)
        .invoke(() -> sources.add(outcomes(task, scope, query.from())))
        .replaceWith(sources);
  }

  private LineSource answers(ResultChunk chunk) {
    return new LineSource(
        chunk.seqs().first(),
        () ->
            blobs
                .get(new BlobKey(chunk.blobId(), chunk.n()))
                .map(raw ->
                    new LineSource.Loaded(new ChunkCursor(raw, chunk.seqs()), Optional.empty())));
  }

  /// Failures and cancellations, a page at a time: the next page is a source of its own.
  private LineSource outcomes(Task task, Scope scope, long from) {
    return new LineSource(
        from,
        () ->
            results
                .outcomes(task.id(), from, OUTCOMES_A_PAGE, scope.partition().map(Partition::id))
                .map(page -> loaded(task, scope, page)));
  }

  private LineSource.Loaded loaded(Task task, Scope scope, List<RequestOutcome> page) {
    var lines = new ErrorLines();
    for (RequestOutcome requestOutcome : page) {
      if (scope.query().wants(requestOutcome.state())) {
        lines.add(requestOutcome);
      }
    }
    return new LineSource.Loaded(
        lines.cursor(),
        page.size() < OUTCOMES_A_PAGE
            ? Optional.empty()
            : Optional.of(outcomes(task, scope, page.getLast().seq() + 1)));
  }

  /// Base partitions that failed or were cancelled as a whole: their requests have no rows.
  private Uni<List<LineSource>> unanswered(Task task, Scope scope) {
    var query = scope.query();
    if (!task.isSplit()) {
      return task.state() == TaskState.CANCELLED && query.wants(RequestOutcome.State.CANCELLED)
          ? requests.all(task.id()).map(chunks -> neverAnswered(task, chunks))
          : Uni.createFrom().item(List.of());
    }
    return partitions
        .unanswered(task.id())
        .chain(found ->
            Multi.createFrom()
                .iterable(found)
                .filter(scope::covers)
                .filter(partition -> query.wants(fate(partition)))
                .onItem()
                .transformToUniAndConcatenate(partition -> of(task, partition))
                .collect()
                .asList())
        .map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  private Uni<List<LineSource>> of(Task task, Partition partition) {
    return requests
        .between(
            task.id(),
            partition.model(),
            partition.endpoint(),
            partition.firstSeq(),
            partition.lastSeq())
        .map(chunks ->
            chunks.stream()
                .map(chunk ->
                    errors(
                        task,
                        chunk,
                        partition.firstSeq(),
                        partition.lastSeq(),
                        partition.errorCode().orElse(stop(task).code()),
                        partition
                            .errorCode()
                            .flatMap(code -> partition.lastError())
                            .orElse(stop(task).message())))
                .toList());
  }

  private List<LineSource> neverAnswered(Task task, List<RequestChunk> chunks) {
    return chunks.stream()
        .map(chunk ->
            errors(
                task,
                chunk,
                chunk.seqs().first(),
                chunk.seqs().last(),
                stop(task).code(),
                stop(task).message()))
        .toList();
  }

  private LineSource errors(
      Task task, RequestChunk chunk, long first, long last, String code, String message) {
    return new LineSource(
        Math.max(first, chunk.seqs().first()),
        () ->
            blobs
                .get(new BlobKey(chunk.blobId(), chunk.n()))
                .map(raw ->
                    new LineSource.Loaded(
                        ErrorLines.ofRequests(
                            task.name(), raw, chunk.seqs(), first, last, code, message),
                        Optional.empty())));
  }

  private static StopReason stop(Task task) {
    return task.stoppedBy().orElse(StopReason.CALLER);
  }

  private static RequestOutcome.State fate(Partition partition) {
    return partition.state() == PartitionState.FAILED
        ? RequestOutcome.State.FAILED
        : RequestOutcome.State.CANCELLED;
  }
}
