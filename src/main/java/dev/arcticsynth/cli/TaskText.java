package dev.arcticsynth.cli;

import dev.arcticsynth.api.PartitionView;
import dev.arcticsynth.api.TaskView;
import dev.arcticsynth.api.TaskView.WaitingFor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A task in words.
final class TaskText {
  private static final Set<String> TERMINAL = Set.of("completed", "cancelled", "failed");

  private TaskText() {}

  static boolean isOver(TaskView task) {
    return TERMINAL.contains(task.state());
  }

  /// One line for a log.
  static String progress(TaskView task) {
    var counts = task.counts();
    return "%s: %s, %s of %s requests answered"
        .formatted(
            task.name(),
            stateAndPartitions(task),
            Text.number(Math.min(counts.answered(), counts.total())),
            Text.number(counts.total()));
  }

  static String stateAndPartitions(TaskView task) {
    String partitions =
        task.partitions().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    String state = state(task);
    return partitions.isEmpty() ? state : state + " (" + partitions + ")";
  }

  /// A task that was stopped without a word of the caller's says by what.
  static String state(TaskView task) {
    return "deadline".equals(task.stoppedBy()) ? task.state() + " by its deadline" : task.state();
  }

  static Optional<String> waiting(TaskView task) {
    WaitingFor waiting = task.waitingFor();
    if (waiting == null) {
      return Optional.empty();
    }
    String until =
        waiting.until() == null ? "" : " Next move at " + Text.time(waiting.until()) + ".";
    return Optional.of(
        "Waits for " + waiting.reason() + ": " + Text.sentence(waiting.detail()) + until);
  }

  /// A block that is read from top to bottom.
  static List<String> block(TaskView task, List<PartitionView> partitions) {
    var lines = new ArrayList<String>();
    lines.add(member("Task", task.name()));
    lines.add(member("State", stateAndPartitions(task)));
    lines.add(
        member("Provider", task.provider() + (task.model() == null ? "" : ", " + task.model())));
    lines.add(member("Requests", counts(task)));
    lines.add(member("Tokens", tokens(task)));
    lines.add(member("Created", Text.time(task.createdAt())));
    if (task.deadline() != null) {
      lines.add(member("Deadline", Text.time(task.deadline())));
    }
    if (task.finishedAt() != null) {
      lines.add(member("Finished", Text.time(task.finishedAt())));
    }
    waiting(task).ifPresent(lines::add);
    if (task.failure() != null) {
      lines.add(member("Failure", task.failure()));
    }
    if (!partitions.isEmpty()) {
      lines.add("");
      lines.addAll(table(partitions));
      lines.addAll(errors(partitions));
    }
    return lines;
  }

  static String counts(TaskView task) {
    var counts = task.counts();
    String cancelled =
        counts.cancelled() == 0 ? "" : ", " + Text.number(counts.cancelled()) + " cancelled";
    String pending = isOver(task) ? "" : ", " + Text.number(counts.answered()) + " answered so far";
    return "%s: %s succeeded, %s failed%s%s"
        .formatted(
            Text.number(counts.total()),
            Text.number(counts.succeeded()),
            Text.number(counts.failed()),
            cancelled,
            pending);
  }

  static String tokens(TaskView task) {
    var usage = task.usage();
    return "%s: %s in, %s out"
        .formatted(
            Text.number(usage.totalTokens()),
            Text.number(usage.inputTokens()),
            Text.number(usage.outputTokens()));
  }

  static String member(String name, String value) {
    return "%-10s%s".formatted(name, value);
  }

  private static List<String> table(List<PartitionView> partitions) {
    var table =
        new Table(
            "#", "KIND", "STATE", "REQUESTS", "SIZE", "TRIES", "NEXT", "PROVIDER SAYS", "BATCH");
    for (PartitionView partition : partitions) {
      table.row(
          String.valueOf(partition.ordinal()),
          partition.kind(),
          partition.state(),
          Text.number(partition.requests()),
          Text.bytes(partition.bytes()),
          String.valueOf(partition.attempts()),
          Text.clock(partition.nextMoveAt()),
          Text.of(partition.providerStatus()),
          Text.of(partition.remoteBatchId()));
    }
    return table.lines();
  }

  private static List<String> errors(List<PartitionView> partitions) {
    return partitions.stream()
        .filter(partition -> partition.lastError() != null)
        .map(partition -> "partition " + partition.ordinal() + ": " + partition.lastError())
        .toList();
  }
}
