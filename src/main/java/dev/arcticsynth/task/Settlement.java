package dev.arcticsynth.task;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// Decides whether a task is over.
///
/// The task's row is locked first and the counting is a statement of its own after that: two
/// partitions that end together would else each see the other as open, and neither would finish
/// (`docs/RELIABILITY.md#completion`).
@ApplicationScoped
class Settlement {

  // A repair partition's fate is in its requests' rows, a base partition's in its own state.
  private static final String COUNTS =
      """
      SELECT coalesce(sum(p.succeeded) FILTER (WHERE p.state = 'DOWNLOADED'), 0),
             coalesce(sum(p.requests) FILTER (WHERE p.state = 'FAILED' AND p.kind = 'BASE' AND NOT p.handed_over), 0),
             coalesce(sum(p.requests) FILTER (WHERE p.state = 'CANCELLED' AND p.kind = 'BASE' AND NOT p.handed_over), 0),
             count(*) FILTER (WHERE p.state NOT IN ('DOWNLOADED', 'FAILED', 'CANCELLED'))
        FROM partition p WHERE p.task_id = :task\
      """;
  private static final String FATES =
      """
      SELECT count(*) FILTER (WHERE o.state = 'FAILED'), count(*) FILTER (WHERE o.state = 'CANCELLED'),
             count(*) FILTER (WHERE o.state = 'WAITING'), count(*) FILTER (WHERE o.state = 'RETRYING')
        FROM request_outcome o WHERE o.task_id = :task\
      """;

  private final RetryConfig config;
  private final Replica replica;

  Settlement(RetryConfig config, Replica replica) {
    this.config = config;
    this.replica = replica;
  }

  /// To be called in the transaction that ended the partition.
  Uni<Void> afterPartition(Partition partition, Instant now) {
    return Panache.getSession()
        .chain(session ->
            lock(session, partition.taskId())
                .invoke(() -> Failpoint.hit("settlement.locked"))
                .call(task -> settle(session, task, now)))
        .replaceWithVoid();
  }

  /// To be called with the task's row locked.
  Uni<Task> settle(Mutiny.Session session, Task task, Instant now) {
    var before = task.state();
    return session
        .flush()
        .chain(() -> count(session, task.id()))
        .invoke(() -> Failpoint.hit("settlement.counted"))
        .chain(counts ->
            commonFailure(session, task.id())
                .invoke(failure -> task.settle(counts, failure, retryAt(task, counts, now), now)))
        .chain(() ->
            before == task.state()
                ? Uni.createFrom().voidItem()
                : TaskHistory.write(
                    task, word(task), task.failure().orElse(null), replica.name(), now))
        .chain(() -> Outbox.settle(task))
        .replaceWith(task);
  }

  /// A retry that would start too close to the deadline is not waited for.
  private Instant retryAt(Task task, TaskCounts counts, Instant now) {
    Instant at = now.plus(counts.open() == 0 ? config.after() : config.linger());
    return task.endsWithin(config.minWindow(), at) ? now : at;
  }

  /// Keeps the task as it is until the transaction ends.
  static Uni<Task> keep(Mutiny.Session session, UUID taskId) {
    return session.find(Task.class, taskId, LockModeType.PESSIMISTIC_READ);
  }

  static Uni<Task> lock(Mutiny.Session session, UUID taskId) {
    return session.find(Task.class, taskId, LockModeType.PESSIMISTIC_WRITE);
  }

  private static Uni<TaskCounts> count(Mutiny.Session session, UUID taskId) {
    return row(session, COUNTS, taskId)
        .chain(sums ->
            row(session, FATES, taskId)
                .map(fates ->
                    new TaskCounts(
                        number(sums[0]),
                        number(sums[1]) + number(fates[0]),
                        number(sums[2]) + number(fates[1]),
                        number(fates[2]),
                        number(fates[3]),
                        number(sums[3]))));
  }

  private static Uni<Optional<String>> commonFailure(Mutiny.Session session, UUID taskId) {
    return session
        .createNativeQuery(
            """
            SELECT last_error FROM partition
             WHERE task_id = :task AND state = 'FAILED' AND kind = 'BASE' AND NOT handed_over ORDER BY ordinal LIMIT 1\
            """,
            String.class)
        .setParameter("task", taskId)
        .getSingleResultOrNull()
        .map(Optional::ofNullable);
  }

  private static Uni<Object[]> row(Mutiny.Session session, String sql, UUID taskId) {
    return session
        .createNativeQuery(sql, Object[].class)
        .setParameter("task", taskId)
        .getSingleResult()
        .map(row -> (Object[]) row);
  }

  private static long number(Object sum) {
    return ((Number) sum).longValue();
  }

  private static String word(Task task) {
    return task.state().name().toLowerCase(java.util.Locale.ROOT);
  }

  /// Requests of a task by fate, counted from rows and lines under the task's lock.
  ///
  /// @param waiting requests that wait to be packed into a repair partition
  /// @param retrying requests in a repair partition
  /// @param open partitions that are not over
  record TaskCounts(
      long succeeded, long failed, long cancelled, long waiting, long retrying, long open) {
    long accounted() {
      return succeeded + failed + cancelled;
    }
  }
}
