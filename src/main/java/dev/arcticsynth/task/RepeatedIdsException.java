package dev.arcticsynth.task;

import java.util.List;

/// Ids that seem to stand twice in a task; whoever has the lines can say where.
public final class RepeatedIdsException extends RuntimeException {

  private final List<Long> hashes;

  public RepeatedIdsException(List<Long> hashes) {
    super("Some custom_id stands twice.");
    this.hashes = List.copyOf(hashes);
  }

  public List<Long> hashes() {
    return hashes;
  }
}
