package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.http.HttpCall;
import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.PageWalker;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks for one batch in the list of all. Serves one search.
final class BatchSearch {

  private final String tag;
  private final String fileId;
  private final PageWalker walk;

  BatchSearch(Submission submission, String fileId, Instant since, boolean isBare) {
    this.tag = NewBatch.tag(submission);
    this.fileId = fileId;
    this.walk = new PageWalker(OpenAiLists.PAGE, Optional.of(since), isBare);
  }

  /// @param hasNext there is another page to look at
  record Found(Optional<RemoteBatch> found, boolean hasNext) {}

  /// The cursor of the page to ask for; null for the first one.
  @Nullable String after() {
    return walk.after();
  }

  Found look(HttpCall httpCall, HttpReply httpReply) {
    PageWalker.Page page = walk.look(httpCall, httpReply);
    Optional<RemoteBatch> found =
        page.entries().stream()
            .map(entry -> new WireBatch(entry.json()))
            .filter(this::isOurs)
            .findFirst()
            .map(batch -> new RemoteBatch(batch.id(), httpReply.requestId()));
    return new Found(found, page.hasNext());
  }

  /// The tag decides only where a list does not contain the file: a database that lost its newest
  /// commits in a fail-over issues a tag twice, and no provider issues a file id twice.
  private boolean isOurs(WireBatch batch) {
    return batch.inputFileId().isBlank()
        ? batch.metadata(NewBatch.TAG).equals(tag)
        : batch.inputFileId().equals(fileId);
  }
}
