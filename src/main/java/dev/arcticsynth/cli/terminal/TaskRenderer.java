package dev.arcticsynth.cli.terminal;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.api.model.TaskView.WaitingFor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A task in words.
public final class TaskRenderer {
  private static final Set<String> TERMINAL = Set.of("completed", "cancelled", "failed");

  private TaskRenderer() {}

  public static boolean isOver(TaskView task) {
    return TERMINAL.contains(task.state());
  }

  /// One line for a log.
  public static String progress(TaskView task) {
    var counts = task.counts();
    return "%s: %s, %s of %s requests answered"
        .formatted(
            task.name(),
            stateAndPartitions(task),
            Formats.number(Math.min(counts.answered(), counts.total())),
            Formats.number(counts.total()));
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

  /// Names the deadline where it stopped the task.
  public static String state(TaskView task) {
    return "deadline".equals(task.stoppedBy()) ? task.state() + " by its deadline" : task.state();
  }

  public static Optional<String> waiting(TaskView task) {
    WaitingFor waiting = task.waitingFor();
    if (waiting == null) {
      return Optional.empty();
    }
    String until =
        waiting.until() == null ? "" : " Next move at " + Formats.time(waiting.until()) + ".";
    return Optional.of(
        "Waits for " + waiting.reason() + ": " + Formats.sentence(waiting.detail()) + until);
  }

  /// A block that is read from top to bottom.
  public static List<String> block(TaskView task, List<PartitionView> partitions) {
    var lines = new ArrayList<String>();
    lines.add(member("Task", task.name()));
    lines.add(member("State", stateAndPartitions(task)));
    lines.add(
        member("Provider", task.provider() + (task.model() == null ? "" : ", " + task.model())));
    lines.add(member("Requests", counts(task)));
    lines.add(member("Tokens", tokens(task)));
    lines.add(member("Created", Formats.time(task.createdAt())));
    if (task.deadline() != null) {
      lines.add(member("Deadline", Formats.time(task.deadline())));
    }
    if (task.finishedAt() != null) {
      lines.add(member("Finished", Formats.time(task.finishedAt())));
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

  public static String counts(TaskView task) {
    var counts = task.counts();
    String cancelled =
        counts.cancelled() == 0 ? "" : ", " + Formats.number(counts.cancelled()) + " cancelled";
    String pending =
        isOver(task) ? "" : ", " + Formats.number(counts.answered()) + " answered so far";
    return "%s: %s succeeded, %s failed%s%s"
        .formatted(
            Formats.number(counts.total()),
            Formats.number(counts.succeeded()),
            Formats.number(counts.failed()),
            cancelled,
            pending);
  }

  public static String tokens(TaskView task) {
    var usage = task.usage();
    return "%s: %s in, %s out"
        .formatted(
            Formats.number(usage.totalTokens()),
            Formats.number(usage.inputTokens()),
            Formats.number(usage.outputTokens()));
  }

  public static String member(String name, String value) {
    return "%-10s%s".formatted(name, value);
  }

  private static List<String> table(List<PartitionView> partitions) {
    var table =
        new Table(
            "#", "KIND", "STATE", "REQUESTS", "SIZE", "ATTEMPTS", "NEXT", "PROVIDER SAYS", "BATCH");
    for (PartitionView partition : partitions) {
      table.row(
          String.valueOf(partition.ordinal()),
          partition.kind(),
          partition.state(),
          Formats.number(partition.requests()),
          Formats.bytes(partition.bytes()),
          String.valueOf(partition.attempts()),
          Formats.clock(partition.nextMoveAt()),
          Formats.of(partition.providerStatus()),
          Formats.of(partition.remoteBatchId()));
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
