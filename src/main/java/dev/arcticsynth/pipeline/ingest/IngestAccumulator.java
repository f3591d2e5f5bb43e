package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import dev.arcticsynth.pipeline.ingest.ParsedBlock.ParsedChunk;
import dev.arcticsynth.task.payload.IngestedRequests;
import dev.arcticsynth.task.payload.RequestChunk;
import dev.arcticsynth.task.payload.SequenceSet;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Accumulates metadata of a body while its blocks are stored: a few numbers a block, never the
/// payload.
///
/// Blocks arrive in any order; all answers are given once they have all arrived.
final class IngestAccumulator {

  static final String TOO_MANY_MODELS = "too_many_models";

  private final UUID blobId;
  private final int maxModels;
  private final long maxBytes;
  private final Set<List<String>> models = new HashSet<>();
  private final List<Part> parts = new ArrayList<>();
  private long bodyBytes;
  private int reserved;
  private boolean spoilt;

  /// @param maxModels counted for each url
  /// @param maxBytes of all bodies, the task's defaults filled in
  IngestAccumulator(UUID blobId, int maxModels, long maxBytes) {
    this.blobId = blobId;
    this.maxModels = maxModels;
    this.maxBytes = maxBytes;
  }

  UUID blobId() {
    return blobId;
  }

  /// Chunk numbers for so many chunks begin at the returned one.
  synchronized int reserve(int count) {
    int first = reserved;
    reserved += count;
    return first;
  }

  /// Fails with [BodyTooLargeException] where the task's defaults make too much of a body.
  ///
  /// @param numbers of the block's chunks, in their order
  synchronized void add(ParsedBlock block, List<Integer> numbers) {
    spoilt |= block.problemsTotal() > 0;
    var chunks = new ArrayList<RequestChunk>();
    boolean generated = false;
    boolean lookalikes = false;
    boolean explicit = false;
    for (int i = 0; i < numbers.size(); i++) {
      ParsedChunk chunk = block.chunks().get(i);
      chunks.add(stored(numbers.get(i), chunk));
      models.add(List.of(chunk.model(), chunk.endpoint()));
      bodyBytes += chunk.bodyBytes();
      generated |= chunk.generated();
      lookalikes |= chunk.lookalikes();
      explicit |= chunk.hashes().length > 0;
    }
    if (bodyBytes > maxBytes) {
      throw BodyTooLargeException.withDefaults(maxBytes);
    }
    spoilt |= models.size() > maxModels;
    parts.add(
        new Part(
            block.index(),
            block.lines(),
            block.requests(),
            block.requestLines(),
            chunks,
            isListedBefore(block.index()) ? List.of() : block.problems(),
            block.problemsTotal(),
            generated,
            lookalikes,
            explicit));
  }

  /// Whether blocks before it fill the list of problems already.
  private boolean isListedBefore(int index) {
    int listed = 0;
    for (Part part : parts) {
      listed += part.index() < index ? part.problems().size() : 0;
    }
    return listed >= InvalidLinesException.MAX_LISTED;
  }

  /// A bad line was seen: nothing more is stored, but reading continues to report all bad lines.
  synchronized boolean isSpoilt() {
    return spoilt;
  }

  /// Fails with [InvalidLinesException] when any line was bad, or when there are too many requests
  /// or none.
  synchronized Uni<Void> check(long maxRequests) {
    parts.sort(Comparator.comparingInt(Part::index));
    long total = parts.stream().mapToLong(Part::problemsTotal).sum();
    if (total > 0) {
      return Uni.createFrom().failure(new InvalidLinesException(problems(), total));
    }
    if (models.size() > maxModels) {
      return bad(TOO_MANY_MODELS, tooManyModels(maxModels));
    }
    long requests = requests();
    if (requests == 0) {
      return bad("empty", "the body holds no request");
    }
    if (requests > maxRequests) {
      return bad(
          "too_many_requests",
          "more than %,d requests; send them in several calls".formatted(maxRequests));
    }
    return Uni.createFrom().voidItem();
  }

  static String tooManyModels(int maxModels) {
    return ("more than %,d models in one call, counted for each url (arctic.ingest.max-models);"
            + " send them in several calls")
        .formatted(maxModels);
  }

  private static Uni<Void> bad(String code, String detail) {
    return Uni.createFrom()
        .failure(new InvalidLinesException(List.of(new LineProblem(1, null, code, detail)), 1));
  }

  /// What to commit. Only after [#check].
  synchronized IngestedRequests append() {
    var chunks = new ArrayList<RequestChunk>();
    long first = 0;
    for (Part part : parts) {
      for (RequestChunk chunk : part.chunks()) {
        chunks.add(shifted(chunk, first));
      }
      first += part.requests();
    }
    return new IngestedRequests(
        blobId,
        first,
        parts.stream().anyMatch(Part::explicit),
        parts.stream().anyMatch(Part::generated),
        parts.stream().anyMatch(Part::lookalikes),
        chunks);
  }

  /// The 1-based line of a request of this body, by its place from 0.
  synchronized long lineOf(long place) {
    long line = 0;
    long first = 0;
    for (Part part : parts) {
      if (place < first + part.requests()) {
        int within = (int) (place - first);
        return line + (part.requestLines().length == 0 ? within : part.requestLines()[within]) + 1;
      }
      first += part.requests();
      line += part.lines();
    }
    throw new IllegalArgumentException("This body has no request at place " + place);
  }

  private long requests() {
    return parts.stream().mapToLong(Part::requests).sum();
  }

  private List<LineProblem> problems() {
    var listed = new ArrayList<LineProblem>();
    long line = 0;
    for (Part part : parts) {
      for (LineProblem problem : part.problems()) {
        if (listed.size() < InvalidLinesException.MAX_LISTED) {
          listed.add(problem.onLine(line + problem.line() + 1));
        }
      }
      line += part.lines();
    }
    return listed;
  }

  private RequestChunk stored(int n, ParsedChunk chunk) {
    int start = chunk.places()[0];
    int[] offsets = new int[chunk.places().length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = chunk.places()[i] - start;
    }
    return new RequestChunk(
        blobId,
        n,
        chunk.model(),
        chunk.endpoint(),
        SequenceSet.of(start, offsets),
        chunk.bodyBytes(),
        chunk.inputs());
  }

  private static RequestChunk shifted(RequestChunk chunk, long by) {
    return new RequestChunk(
        chunk.blobId(),
        chunk.n(),
        chunk.model(),
        chunk.endpoint(),
        chunk.seqs().startingAt(chunk.seqs().first() + by),
        chunk.bodyBytes(),
        chunk.inputs());
  }

  private record Part(
      int index,
      int lines,
      int requests,
      int[] requestLines,
      List<RequestChunk> chunks,
      List<LineProblem> problems,
      long problemsTotal,
      boolean generated,
      boolean lookalikes,
      boolean explicit) {}
}
