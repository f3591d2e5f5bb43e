package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.ingest.RequestLineReader;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.PartitionKind;
import dev.arcticsynth.task.PartitionSpec;
import dev.arcticsynth.task.TaskException.AdoptionRefusedException;
import org.jspecify.annotations.Nullable;

/// Compares a file that another client has uploaded with the requests of a task: all of its lines
/// are requests of the task, unchanged, those of one model and without a gap.
final class ForeignFile implements RequestLineReader.Visitor {

  private final String batch;
  private final StoredIndex stored;
  private int group = StoredIndex.NONE;
  private int first;
  private int last = StoredIndex.NONE;
  private int count;
  private long bytes;

  ForeignFile(String batch, StoredIndex stored) {
    this.batch = batch;
    this.stored = stored;
  }

  @Override
  public void see(String model, String endpoint, StoredRequests request) {
    byte @Nullable [] json = request.customId();
    if (json == null) {
      throw refused("holds a request without custom_id");
    }
    String id = CustomIds.text(json);
    int seq = stored.find(id);
    if (seq == StoredIndex.NONE) {
      throw refused("holds a request '%s' that this task does not have".formatted(shown(id)));
    }
    if (!stored.isSame(seq, id, request.body())
        || !stored.group(stored.groupOf(seq)).equals(new StoredIndex.Group(model, endpoint))) {
      throw refused(
          "was made for another request '%s' than the one that this task has".formatted(shown(id)));
    }
    add(seq);
  }

  private void add(int seq) {
    if (count == 0) {
      first = seq;
      group = stored.groupOf(seq);
    }
    if (group != stored.groupOf(seq)) {
      throw refused("holds requests of several models, which no batch of ours can");
    }
    if (seq <= last) {
      throw refused("holds the requests in another order than this task");
    }
    last = seq;
    count++;
    bytes += stored.bytes(seq);
  }

  /// All of it was seen.
  PartitionSpec cut() {
    if (count == 0) {
      throw refused("holds no requests");
    }
    if (stored.count(group, first, last) != count) {
      throw refused("leaves out requests between its first and its last one");
    }
    StoredIndex.Group what = stored.group(group);
    return new PartitionSpec(
        PartitionKind.BASE, what.model(), what.endpoint(), first, last, count, bytes);
  }

  private AdoptionRefusedException refused(String why) {
    return new AdoptionRefusedException("Batch %s %s.".formatted(batch, why));
  }

  /// An id is the caller's own, and may be long.
  private static String shown(String id) {
    return id.length() > 100 ? id.substring(0, 100) + "…" : id;
  }
}
