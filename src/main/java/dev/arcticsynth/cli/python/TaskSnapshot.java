package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.terminal.TaskRenderer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A task and its partitions at one time.
record TaskSnapshot(TaskView task, List<PartitionView> partitions) {
  private static final Set<String> OVER = Set.of("downloaded", "failed", "cancelled");
  private static final Set<String> WAITS_FOR_A_PERSON = Set.of("credentials", "operator");

  /// What is sent again this soon is worth staying for.
  private static final Duration SOON = Duration.ofSeconds(60);

  TaskSnapshot {
    partitions = List.copyOf(partitions);
  }

  boolean isOver() {
    return TaskRenderer.isOver(task);
  }

  /// Nothing was sent to the provider yet, or only files.
  boolean isHeld() {
    return task.state().equals("open") || waitsFor("caller");
  }

  boolean isUploaded(Instant since) {
    return isOver() || every(p -> isAtProvider(p) || isHeldBack(p, since));
  }

  boolean isSubmitted(Instant since) {
    return isOver() || every(p -> hasBatch(p) || isOver(p) || isHeldBack(p, since));
  }

  /// Nothing is about to happen by itself: whatever was due has been looked at since.
  boolean isAtRest(Instant since) {
    return isOver() || (every(p -> isAtRest(p, since)) && !isAboutToBeSentAgain(since));
  }

  /// What an operator must do first.
  Optional<String> need(Instant since) {
    var waiting = task.waitingFor();
    boolean forPerson =
        waiting != null
            && WAITS_FOR_A_PERSON.contains(waiting.reason())
            && (waiting.until() == null || waiting.until().isAfter(since));
    return forPerson ? TaskRenderer.waiting(task) : Optional.empty();
  }

  boolean waitsFor(String reason) {
    return task.waitingFor() != null && task.waitingFor().reason().equals(reason);
  }

  static boolean isOver(PartitionView partition) {
    return OVER.contains(partition.state());
  }

  /// Its file is uploaded, and its batch waits for the caller's `submit`.
  static boolean isHeld(PartitionView partition) {
    return !hasBatch(partition)
        && partition.remoteFileId() != null
        && partition.nextMoveAt() == null
        && !isOver(partition);
  }

  boolean hasBatches() {
    return partitions.stream().anyMatch(TaskSnapshot::hasBatch);
  }

  static boolean hasBatch(PartitionView partition) {
    return partition.remoteBatchId() != null;
  }

  private boolean every(java.util.function.Predicate<PartitionView> claim) {
    return !partitions.isEmpty() && partitions.stream().allMatch(claim);
  }

  private static boolean isAtProvider(PartitionView partition) {
    return hasBatch(partition) || isOver(partition) || isHeld(partition);
  }

  /// Waits for capacity at the provider, which may take hours.
  private boolean isHeldBack(PartitionView partition, Instant since) {
    boolean isWaiting = Set.of("ready", "uploading").contains(partition.state());
    return waitsFor("quota") && isWaiting && isLater(partition.nextMoveAt(), since);
  }

  private static boolean isAtRest(PartitionView partition, Instant since) {
    return isOver(partition)
        || partition.nextMoveAt() == null
        || isLater(partition.nextMoveAt(), since);
  }

  private boolean isAboutToBeSentAgain(Instant since) {
    boolean allOver = partitions.stream().allMatch(TaskSnapshot::isOver);
    var waiting = task.waitingFor();
    if (waiting == null || !waiting.reason().equals("retry")) {
      // The last partition is over, and the task is about to be settled.
      return allOver && waiting == null;
    }
    return waiting.until() != null && waiting.until().isBefore(since.plus(SOON));
  }

  private static boolean isLater(@org.jspecify.annotations.Nullable Instant time, Instant than) {
    return time != null && time.isAfter(than);
  }
}
