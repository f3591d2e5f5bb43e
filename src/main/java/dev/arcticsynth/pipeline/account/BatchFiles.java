package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.task.BatchTag;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which batches of an account refer to its files.
///
/// Answer files of deleted tasks are in no row any more; their batch still has our tag. If there
/// are more of these than are held in memory, every candidate is kept.
final class BatchFiles {

  private static final int REMEMBERED = 100_000;

  private final Set<String> live = new HashSet<>();
  private final Map<String, BatchTag> answers = new HashMap<>();
  private boolean isFull;
  private final String deployment;

  private BatchFiles(String deployment) {
    this.deployment = deployment;
  }

  /// @param since older batches are over
  static Uni<BatchFiles> of(Provider provider, String deployment, Instant since) {
    var files = new BatchFiles(deployment);
    return provider
        .batches(since)
        .onItem()
        .invoke(files::add)
        .onItem()
        .ignoreAsUni()
        .replaceWith(files);
  }

  /// A batch that may still run, ours or others', was made from it.
  boolean isInUse(String file) {
    return live.contains(file);
  }

  /// The batch attempt of ours whose answers it holds, according to its batch.
  Optional<BatchTag> attemptOf(String file) {
    return Optional.ofNullable(answers.get(file));
  }

  /// There are more answers of ours than [#attemptOf] knows.
  boolean isFull() {
    return isFull;
  }

  private void add(List<ListedBatch> page) {
    for (ListedBatch batch : page) {
      if (batch.isLive()) {
        var _ = live.add(batch.fileId());
      } else if (batch.status() instanceof BatchStatus.Ended ended) {
        BatchTag.parse(batch.tag())
            .filter(batchTag -> batchTag.deployment().equals(deployment))
            .ifPresent(batchTag -> ended.files().forEach(file -> add(file, batchTag)));
      }
    }
  }

  private void add(String answer, BatchTag batchTag) {
    isFull = answers.size() >= REMEMBERED;
    if (!isFull) {
      var _ = answers.put(answer, batchTag);
    }
  }
}
