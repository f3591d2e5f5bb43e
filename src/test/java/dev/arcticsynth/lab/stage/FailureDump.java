package dev.arcticsynth.lab.stage;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a person needs to see when a round went wrong.
public final class FailureDump {

  private static final int LINES = 100;

  private FailureDump() {}

  public static String of(Lab lab, String prefix) {
    return """
    tasks:
    %s
    partitions:
    %s
    attempts:
    %s
    history:
    %s
    the provider's ledger, last lines:
    %s
    logs, last lines:
    %s
    """
        .formatted(
            table(
                lab,
                "SELECT name, state, due_at, lease_owner, lease_until, requests, succeeded, failed, cancelled FROM task WHERE name LIKE ?",
                prefix),
            table(
                lab,
                "SELECT t.name, p.ordinal, p.state, p.attempt, p.due_at, p.lease_owner, p.lease_until, p.wait_reason, p.remote_batch_id, p.last_error FROM partition p JOIN task t ON t.id = p.task_id WHERE t.name LIKE ? ORDER BY 1, 2",
                prefix),
            table(
                lab,
                "SELECT t.name, p.ordinal, a.n, a.state, a.remote_file_id, a.remote_batch_id, a.error FROM attempt a JOIN partition p ON p.id = a.partition_id JOIN task t ON t.id = p.task_id WHERE t.name LIKE ? ORDER BY 1, 2, 3",
                prefix),
            table(
                lab,
                "SELECT e.at, t.name, e.partition, e.event, e.actor, e.detail FROM task_event e JOIN task t ON t.id = e.task_id WHERE t.name LIKE ? ORDER BY e.id",
                prefix),
            last(
                lab.simulator().ledger().entries().stream()
                    .map(entry -> entry.detail().toString())
                    .filter(line -> line.contains(prefix) || line.contains("batch_billed"))
                    .toList()),
            lab.replicas().stream()
                .map(replicaProcess -> replicaProcess + "\n" + last(replicaProcess.logLines()))
                .collect(Collectors.joining("\n")));
  }

  private static String table(Lab lab, String sql, String prefix) {
    try {
      return lab.rows(sql, prefix + "-%").stream()
          .map(row -> new TreeMap<>(row))
          .map(Map::toString)
          .collect(Collectors.joining("\n"));
    } catch (IllegalStateException e) {
      return "unknown: " + e.getCause();
    }
  }

  private static String last(List<String> lines) {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }
}
