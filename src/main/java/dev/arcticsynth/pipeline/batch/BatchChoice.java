package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.Provider.ListedBatch;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One batch for each file: what has answers first, then what may have some.
final class BatchChoice {
  private final Map<String, ListedBatch> byFile = new LinkedHashMap<>();
  private final Map<String, String> left = new TreeMap<>();

  BatchChoice(List<ListedBatch> found) {
    found.stream()
        .sorted(Comparator.comparing(BatchChoice::rank))
        .forEach(batch -> {
          if (rank(batch) > 2) {
            leave(batch.id(), "has no answers and costs nothing");
          } else {
            ListedBatch other = byFile.putIfAbsent(batch.fileId(), batch);
            if (other != null && !other.id().equals(batch.id())) {
              leave(batch.id(), "was made from the same file as batch " + other.id());
            }
          }
        });
  }

  void leave(String batch, String why) {
    left.put(batch, why);
  }

  Map<String, ListedBatch> byFile() {
    return byFile;
  }

  Map<String, String> left() {
    return left;
  }

  private static int rank(ListedBatch batch) {
    return switch (batch.status()) {
      case BatchStatus.Ended ended when ended.how() == BatchStatus.How.COMPLETED -> 0;
      case BatchStatus.InProgress _, BatchStatus.Unfamiliar _ -> 1;
      case BatchStatus.Ended _ -> 2;
      case BatchStatus.Failed _, BatchStatus.Gone _ -> 3;
    };
  }
}
