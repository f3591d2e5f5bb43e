package dev.arcticsynth.task.payload;

import java.util.List;
import java.util.UUID;

/// The outcome of a download: answers as chunks of a blob, and the outcomes of unanswered requests.
public record Publication(
    UUID blobId,
    List<ResultChunk> answers,
    List<RequestOutcome> unanswered,
    long inputTokens,
    long outputTokens) {
  public Publication {
    answers = List.copyOf(answers);
    unanswered = List.copyOf(unanswered);
  }

  public int succeeded() {
    return answers.stream().mapToInt(chunk -> chunk.seqs().count()).sum();
  }

  public int waiting() {
    return (int) unanswered.stream().filter(o -> o.state() == RequestOutcome.State.WAITING).count();
  }

  public int failed() {
    return unanswered.size() - waiting();
  }
}
