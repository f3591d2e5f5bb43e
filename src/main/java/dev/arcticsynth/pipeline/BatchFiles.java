package dev.arcticsynth.pipeline;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.ListedBatch;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.Tag;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What an account's batches say of its files.
///
/// Answers of batches whose task is gone are on no record any more; their batch still has our tag.
/// Should there be more of these than are remembered, the rest is taken for others'.
final class BatchFiles {

  private static final int REMEMBERED = 20_000;

  private final Set<String> live = new HashSet<>();
  private final Set<String> answers = new HashSet<>();
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

  boolean isAnswerOfOurs(String file) {
    return answers.contains(file);
  }

  private void add(List<ListedBatch> page) {
    for (ListedBatch batch : page) {
      if (batch.isLive()) {
        var _ = live.add(batch.fileId());
      } else if (batch.status() instanceof BatchStatus.Ended ended
          && isOurs(batch)
          && answers.size() < REMEMBERED) {
        var _ = answers.addAll(ended.files());
      }
    }
  }

  private boolean isOurs(ListedBatch batch) {
    return Tag.parse(batch.tag()).filter(tag -> tag.deployment().equals(deployment)).isPresent();
  }
}
