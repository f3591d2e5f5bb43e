package dev.arcticsynth.pipeline.lines;

import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.task.payload.SequenceSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The ids that the caller gave, where another client has sent them to the provider as they are.
/// Those of one partition are held in memory.
final class CallersIds implements RequestIds {

  private final Located located;
  private final Map<String, Long> seqs = new HashMap<>();

  CallersIds(Located located) {
    this.located = located;
  }

  /// Adds those requests of a chunk that are the partition's.
  void add(byte[] chunk, SequenceSet sequenceSet) {
    var requests = new StoredRequests(chunk);
    for (int line = 0; requests.next(); line++) {
      long seq = sequenceSet.at(line);
      byte @Nullable [] id = located.contains(seq) ? requests.customId() : null;
      if (id != null) {
        seqs.put(CustomIds.text(id), seq);
      }
    }
  }

  @Override
  public OptionalLong read(String id) {
    Long seq = seqs.get(id);
    return seq == null ? OptionalLong.empty() : OptionalLong.of(seq);
  }
}
