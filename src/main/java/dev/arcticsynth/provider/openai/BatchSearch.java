package dev.arcticsynth.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.RemoteBatch;
import dev.arcticsynth.provider.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/// Looks for one batch in a list that comes in pages. Newest first is what everybody sees and
/// nobody promises, so a page ends the search only when all of it is too old and it does not run
/// the other way round. Serves one search.
final class BatchSearch {

  /// The most that OpenAI gives in one page.
  static final int PAGE = 100;

  /// The provider counts whole seconds, by a clock that is not ours.
  private static final Duration SLACK = Duration.ofMinutes(1);

  private final String tag;
  private final String fileId;
  private final Instant oldest;
  private final Set<String> cursors = new HashSet<>();

  BatchSearch(Submission submission, String fileId, Instant since) {
    this.tag = NewBatch.tag(submission);
    this.fileId = fileId;
    this.oldest = since.minus(SLACK);
  }

  /// @param next the cursor of the next page; empty when there is nothing more to see
  record Found(Optional<RemoteBatch> found, Optional<String> next) {}

  Found look(Call call, Reply reply) {
    JsonNode data = reply.json().path("data");
    if (!data.isArray()) {
      // An empty list would say that the batch does not exist.
      throw call.garbled(reply, "the answer is no list");
    }
    List<WireBatch> page =
        StreamSupport.stream(data.spliterator(), false).map(WireBatch::new).toList();
    Optional<RemoteBatch> found =
        page.stream()
            .filter(this::isOurs)
            .findFirst()
            .map(batch -> new RemoteBatch(batch.id(), reply.requestId()));
    return new Found(found, next(reply.json(), page));
  }

  /// The tag decides only where a list does not say the file: a database that lost its newest
  /// commits in a fail-over gives a tag out twice, and no provider gives the id of a file out
  /// twice.
  private boolean isOurs(WireBatch batch) {
    boolean fits =
        batch.inputFileId().isBlank()
            ? batch.metadata(NewBatch.TAG).equals(tag)
            : batch.inputFileId().equals(fileId);
    return fits && !batch.id().isBlank();
  }

  private Optional<String> next(JsonNode list, List<WireBatch> page) {
    boolean hasMore = list.path("has_more").asBoolean(page.size() >= PAGE);
    if (page.isEmpty() || !hasMore || isTooOld(page)) {
      return Optional.empty();
    }
    String cursor = page.getLast().id();
    return !cursor.isBlank() && cursors.add(cursor) ? Optional.of(cursor) : Optional.empty();
  }

  private boolean isTooOld(List<WireBatch> page) {
    return !isOldestFirst(page)
        && page.stream()
            .allMatch(batch -> batch.createdAt().map(at -> at.isBefore(oldest)).orElse(false));
  }

  private static boolean isOldestFirst(List<WireBatch> page) {
    Optional<Instant> first = page.getFirst().createdAt();
    Optional<Instant> last = page.getLast().createdAt();
    return first.isPresent() && last.isPresent() && first.get().isBefore(last.get());
  }
}
