package dev.arcticsynth.task;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// Makes partitions.
final class NewPartitions {

  private NewPartitions() {}

  /// Partitions for the first attempt of a task's requests.
  static List<Partition> of(Task task, List<PartitionSpec> cuts, int firstOrdinal, Instant now) {
    boolean held = task.hold() == HoldPoint.UPLOAD;
    return IntStream.range(0, cuts.size())
        .mapToObj(i ->
            new Partition(task.id(), firstOrdinal + i, task.provider(), cuts.get(i), 1, held, now))
        .toList();
  }

  /// A half of a partition that was refused twice.
  static Partition halfOf(
      Partition whole, PartitionSpec half, int ordinal, boolean held, Instant now) {
    var partition =
        new Partition(
            whole.taskId(), ordinal, whole.provider(), half, whole.requestAttempt(), held, now);
    partition.descendFrom(whole);
    return partition;
  }
}
