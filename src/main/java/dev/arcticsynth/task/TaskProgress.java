package dev.arcticsynth.task;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hibernate.reactive.mutiny.Mutiny;

/// The progress of a task's partitions, aggregated by the database.
///
/// @param partitions how many are in which state
/// @param succeeded counted from stored answers
/// @param failed counted from stored errors and from partitions refused as a whole
/// @param answered the counted ones, and those that providers report for running batches
/// @param waits what open partitions wait for, the most urgent first
public record TaskProgress(
    Map<PartitionState, Integer> partitions,
    long succeeded,
    long failed,
    long cancelled,
    long answered,
    long inputTokens,
    long outputTokens,
    long waiting,
    List<Wait> waits) {

  /// Why some partitions do not move.
  ///
  /// @param until when the next of them is due
  public record Wait(
      Optional<WaitReason> reason,
      int partitions,
      Optional<String> lastError,
      Optional<Instant> until) {}

  private static final String BY_STATE =
      """
      SELECT p.state, count(*), coalesce(sum(p.succeeded), 0), coalesce(sum(p.input_tokens), 0),
             coalesce(sum(p.output_tokens), 0), coalesce(sum(p.answered) FILTER (WHERE p.state NOT IN ('DOWNLOADED', 'FAILED', 'CANCELLED')), 0),
             coalesce(sum(p.requests) FILTER (WHERE p.kind = 'BASE' AND NOT p.handed_over), 0)
        FROM partition p WHERE p.task_id = :task GROUP BY p.state\
      """;

  private static final String FATES =
      """
      SELECT count(*) FILTER (WHERE o.state = 'FAILED'), count(*) FILTER (WHERE o.state = 'CANCELLED'),
             count(*) FILTER (WHERE o.state = 'WAITING')
        FROM request_outcome o WHERE o.task_id = :task\
      """;

  private static final String WAITS =
      """
      SELECT p.wait_reason, count(*), max(p.last_error), min(p.due_at) FROM partition p
       WHERE p.task_id = :task AND p.state NOT IN ('DOWNLOADED', 'FAILED', 'CANCELLED')
       GROUP BY p.wait_reason
       ORDER BY array_position(ARRAY['OPERATOR', 'CREDENTIALS', 'QUOTA', 'CALLER', 'PROVIDER', 'FILE', 'RETRY'], p.wait_reason)
                NULLS LAST\
      """;

  static Uni<TaskProgress> read(Mutiny.Session session, Task task) {
    return rows(session, BY_STATE, task)
        .chain(states ->
            rows(session, FATES, task)
                .chain(fates ->
                    rows(session, WAITS, task)
                        .map(waits -> from(task, states, (Object[]) fates.getFirst(), waits))));
  }

  private static Uni<List<?>> rows(Mutiny.Session session, String sql, Task task) {
    return session
        .createNativeQuery(sql, Object[].class)
        .setParameter("task", task.id())
        .getResultList()
        .map(list -> list);
  }

  private static TaskProgress from(Task task, List<?> states, Object[] fates, List<?> waits) {
    var partitions = new TreeMap<PartitionState, Integer>();
    long succeeded = 0;
    long failed = number(fates[0]);
    long cancelled = task.isSplit() ? number(fates[1]) : task.cancelled();
    long claimed = 0;
    long input = 0;
    long output = 0;
    for (Object each : states) {
      var row = (Object[]) each;
      var state = PartitionState.valueOf((String) row[0]);
      partitions.put(state, (int) number(row[1]));
      succeeded += number(row[2]);
      input += number(row[3]);
      output += number(row[4]);
      claimed += number(row[5]);
      switch (state) {
        case FAILED -> failed += number(row[6]);
        case CANCELLED -> cancelled += number(row[6]);
        default -> {}
      }
    }
    return new TaskProgress(
        partitions,
        succeeded,
        failed,
        cancelled,
        Math.min(task.requests(), succeeded + failed + cancelled + claimed),
        input,
        output,
        number(fates[2]),
        waits.stream().map(row -> wait((Object[]) row)).toList());
  }

  private static Wait wait(Object[] row) {
    return new Wait(
        Optional.ofNullable((String) row[0]).map(WaitReason::valueOf),
        (int) number(row[1]),
        Optional.ofNullable((String) row[2]),
        Optional.ofNullable(row[3]).map(TaskProgress::instant));
  }

  private static Instant instant(Object time) {
    return time instanceof Instant instant
        ? instant
        : ((java.time.OffsetDateTime) time).toInstant();
  }

  private static long number(Object sum) {
    return ((Number) sum).longValue();
  }
}
