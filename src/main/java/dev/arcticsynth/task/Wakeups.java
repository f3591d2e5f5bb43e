package dev.arcticsynth.task;

import dev.arcticsynth.failpoint.Failpoint;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/// Makes partitions due at once when something about their task has changed.
///
/// Each call is a statement of its own, after the change is committed and without the task's lock:
/// a transaction that records a partition locks the partition first and the task second, and a
/// wake-up in the changing transaction would do it the other way round, and would miss what is
/// recorded meanwhile.
@ApplicationScoped
public class Wakeups {

  private static final String TO_UPLOAD =
      """
      UPDATE partition SET due_at = $2
       WHERE task_id = $1 AND wait_reason = 'CALLER' AND state = 'READY'\
      """;
  private static final String TO_SUBMIT =
      """
      UPDATE partition SET due_at = $2
       WHERE task_id = $1 AND wait_reason = 'CALLER' AND state IN ('READY', 'UPLOADING')\
      """;
  private static final String TO_REFRESH =
      """
      UPDATE partition SET due_at = $2
       WHERE task_id = $1 AND due_at > $2 AND state IN ('SUBMITTED', 'CANCELLING', 'PARKED', 'READY')\
      """;
  private static final String TO_LOOK_AT =
      """
      UPDATE partition p SET due_at = $3 FROM attempt a
       WHERE a.provider = $1 AND a.remote_batch_id = $2 AND p.id = a.partition_id AND p.remote_batch_id = $2
         AND p.due_at > $3 AND p.state IN ('SUBMITTED', 'CANCELLING')\
      """;
  private static final String TO_CANCEL =
      """
      UPDATE partition SET due_at = $2
       WHERE task_id = $1 AND (due_at IS NULL OR due_at > $2)
         AND state IN ('READY', 'UPLOADING', 'SUBMITTED', 'PARKED')\
      """;

  private final Pool pool;
  private final InstantSource clock;

  Wakeups(Pool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /// Makes partitions due that a hold has stopped, as far as the new hold lets them.
  public Uni<Void> held(UUID taskId, HoldPoint until) {
    return run(until == HoldPoint.NONE ? TO_SUBMIT : TO_UPLOAD, taskId);
  }

  /// Polls the batches of a task now instead of at their due time.
  public Uni<Void> refresh(UUID taskId) {
    return run(TO_REFRESH, taskId);
  }

  /// Polls a batch now, when its provider reports its end.
  public Uni<Void> batch(String provider, String remoteBatchId) {
    return pool.preparedQuery(TO_LOOK_AT)
        .execute(Tuple.of(provider, remoteBatchId, clock.instant().atOffset(ZoneOffset.UTC)))
        .replaceWithVoid();
  }

  /// Makes the partitions of a cancelling task due, which stop by their own steps.
  public Uni<Void> toCancel(UUID taskId) {
    return run(TO_CANCEL, taskId);
  }

  private Uni<Void> run(String sql, UUID id) {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    Failpoint.hit("wake.before");
    return pool.preparedQuery(sql)
        .execute(Tuple.of(id, now))
        .invoke(() -> Failpoint.hit("wake.after"))
        .replaceWithVoid();
  }
}
