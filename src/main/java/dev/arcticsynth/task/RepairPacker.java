package dev.arcticsynth.task;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.TaskSteps.RepairLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/// Packs requests that wait for a retry into partitions of their own, in the task's transaction.
final class RepairPacker {

  private static final String WAITING =
      """
      SELECT model, endpoint, tries, seq, wire_bytes FROM request_outcome
       WHERE task_id = :task AND state = 'WAITING' ORDER BY model, endpoint, tries, seq\
      """;

  private static final String HOLD =
      """
      UPDATE request_outcome SET state = 'RETRYING', partition_id = :partition
       WHERE task_id = :task AND state = 'WAITING' AND model = :model AND endpoint = :endpoint
         AND tries = :tries AND seq BETWEEN :first AND :last\
      """;

  private RepairPacker() {}

  /// The number of partitions made.
  static Uni<Integer> pack(Mutiny.Session session, Task task, RepairLimits limits, Instant now) {
    return session
        .createNativeQuery(WAITING, Object[].class)
        .setParameter("task", task.id())
        .getResultList()
        .map(rows -> cut(rows, limits))
        .chain(packs -> {
          int ordinal = task.addPartitions(packs.size());
          var partitions = new ArrayList<Partition>();
          for (Pack pack : packs) {
            partitions.add(
                new Partition(
                    task.id(),
                    ordinal++,
                    task.provider(),
                    pack.cut(),
                    pack.requestAttempts() + 1,
                    task.hold() == HoldPoint.UPLOAD,
                    now));
          }
          return session
              .persistAll(partitions.toArray())
              .chain(session::flush)
              .chain(() -> hold(partitions))
              .replaceWith(packs.size());
        });
  }

  /// Requests that wait when the task is stopped are not retried. A caller's cancel cancels them;
  /// after the deadline their last error is final.
  static Uni<Void> giveUp(Task task) {
    return task.stoppedBy().orElse(StopReason.CALLER) == StopReason.DEADLINE
        ? leave(task).replaceWithVoid()
        : execute(
                """
                UPDATE request_outcome
                   SET state = 'CANCELLED', code = 'cancelled', message = 'Cancelled before another try.'
                 WHERE task_id = :task AND state = 'WAITING'\
                """,
                Map.of("task", task.id()))
            .replaceWithVoid();
  }

  /// Waiting requests keep their last error. Returns how many these are.
  static Uni<Integer> leave(Task task) {
    return execute(
        "UPDATE request_outcome SET state = 'FAILED' WHERE task_id = :task AND state = 'WAITING'",
        Map.of("task", task.id()));
  }

  private static List<Pack> cut(List<?> rows, RepairLimits limits) {
    var packs = new ArrayList<Pack>();
    Pack open = null;
    for (Object each : rows) {
      var row = (Object[]) each;
      var model = (String) row[0];
      var endpoint = (String) row[1];
      int requestAttempts = ((Number) row[2]).intValue();
      long seq = ((Number) row[3]).longValue();
      long bytes = ((Number) row[4]).longValue();
      if (open == null || !open.takes(model, endpoint, requestAttempts, bytes, limits)) {
        open = new Pack(model, endpoint, requestAttempts, seq);
        packs.add(open);
      }
      open.add(seq, bytes);
    }
    return packs;
  }

  private static Uni<Void> hold(List<Partition> partitions) {
    return Multi.createFrom()
        .iterable(partitions)
        .onItem()
        .transformToUniAndConcatenate(p ->
            execute(
                HOLD,
                Map.of(
                    "partition", p.id(),
                    "task", p.taskId(),
                    "model", p.model(),
                    "endpoint", p.endpoint(),
                    "tries", p.requestAttempt() - 1,
                    "first", p.firstSeq(),
                    "last", p.lastSeq())))
        .onItem()
        .ignoreAsUni();
  }

  /// Requests of one model, endpoint and number of attempts that fit into one batch.
  private static final class Pack {
    private final String model;
    private final String endpoint;
    private final int requestAttempts;
    private final long first;
    private long last;
    private int requests;
    private long bytes;

    Pack(String model, String endpoint, int requestAttempts, long first) {
      this.model = model;
      this.endpoint = endpoint;
      this.requestAttempts = requestAttempts;
      this.first = first;
      this.last = first;
    }

    boolean takes(
        String model, String endpoint, int requestAttempts, long more, RepairLimits limits) {
      return this.model.equals(model)
          && this.endpoint.equals(endpoint)
          && this.requestAttempts == requestAttempts
          && limits.fit(model, requests + 1, bytes + more);
    }

    void add(long seq, long more) {
      last = seq;
      requests++;
      bytes += more;
    }

    int requestAttempts() {
      return requestAttempts;
    }

    PartitionSpec cut() {
      return new PartitionSpec(PartitionKind.REPAIR, model, endpoint, first, last, requests, bytes);
    }
  }
}
