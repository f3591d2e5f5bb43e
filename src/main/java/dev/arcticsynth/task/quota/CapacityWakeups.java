package dev.arcticsynth.task.quota;

import static dev.arcticsynth.task.sql.RowMapping.utc;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionState;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/// Makes partitions due at once when the account that they wait for has capacity again, or works
/// again.
///
/// Each call follows the commit that made the change. Locked rows are skipped, so that no wake-up
/// blocks; a partition that is missed retries at its due time.
@ApplicationScoped
class CapacityWakeups {

  private static final Logger LOG = Logger.getLogger(CapacityWakeups.class);

  // A transaction that is about to defer a partition holds this row until the wait is recorded.
  private static final String KEEP =
      """
      UPDATE token_limit SET batch_seconds = coalesce(batch_seconds * 0.7 + $3 * 0.3, $3, batch_seconds)
       WHERE provider = $1 AND model = $2 RETURNING coalesce(tokens, 9223372036854775807)\
      """;

  private static final String WAKE_WHAT_FITS =
      """
      WITH flight AS (
             SELECT coalesce(sum(p.tokens), 0) AS tokens FROM partition p
              WHERE p.provider = $1 AND %s = $2 AND %s AND %s),
           queue AS (
             SELECT p.id, sum(p.tokens) OVER longest AS upto, row_number() OVER longest AS place FROM partition p
              WHERE p.provider = $1 AND p.model IN ($2, $5) AND %s AND p.queued_at IS NOT NULL
             WINDOW longest AS (ORDER BY p.created_at, p.ordinal, p.id)),
           fits AS (
             SELECT w.id FROM partition w JOIN queue USING (id), flight
              WHERE flight.tokens + queue.upto <= $3 OR flight.tokens = 0 AND queue.place = 1
                FOR UPDATE OF w SKIP LOCKED)
      UPDATE partition SET due_at = $4 WHERE id IN (SELECT id FROM fits) AND due_at > $4\
      """
          .formatted(
              InFlightSql.REMOTE_MODEL, InFlightSql.OPEN, InFlightSql.IN_FLIGHT, InFlightSql.OPEN);

  private static final String WAKE_PARKED =
      """
      UPDATE partition SET due_at = $2 WHERE id IN (
        SELECT p.id FROM partition p
         WHERE p.provider = $1 AND %s AND p.wait_reason IN ('CREDENTIALS', 'OPERATOR')
           AND p.state IN ('READY', 'UPLOADING', 'PARKED') AND p.due_at > $2
           FOR UPDATE SKIP LOCKED)\
      """
          .formatted(InFlightSql.OPEN);

  // Not what reconciles: it may wait for the provider's lists to settle.
  private static final String WAKE_CORRECTED =
      """
      UPDATE partition SET due_at = $2 WHERE id IN (
        SELECT p.id FROM partition p
         WHERE p.provider = $1 AND p.due_at > $2
           AND (p.state IN ('READY', 'UPLOADING', 'PARKED', 'SUBMITTED', 'CANCELLING')
                  AND p.wait_reason IN ('CREDENTIALS', 'OPERATOR', 'PROVIDER')
                OR p.state = 'ENDED' AND p.wait_reason IN ('CREDENTIALS', 'OPERATOR'))
           FOR UPDATE SKIP LOCKED)\
      """;

  private final Pool pool;

  CapacityWakeups(Pool pool) {
    this.pool = pool;
  }

  /// A partition's batch has no tokens enqueued any more: the partitions of its pool that have
  /// waited longest and fit are woken.
  Uni<Void> left(Partition partition, Instant now) {
    return quietly(
        pool.withTransaction(connection ->
            keep(connection, partition, now)
                .chain(limit ->
                    connection
                        .preparedQuery(WAKE_WHAT_FITS)
                        .execute(
                            Tuple.of(
                                partition.provider(),
                                partition.remoteModel(),
                                limit,
                                utc(now),
                                partition.model())))
                .replaceWithVoid()));
  }

  /// The account works again.
  Uni<Void> mended(String provider, Instant now) {
    return quietly(
        pool.preparedQuery(WAKE_PARKED).execute(Tuple.of(provider, utc(now))).replaceWithVoid());
  }

  /// The account's address or credentials are others now.
  Uni<Void> corrected(String provider, Instant now) {
    return quietly(
        pool.preparedQuery(WAKE_CORRECTED).execute(Tuple.of(provider, utc(now))).replaceWithVoid());
  }

  private static Uni<Long> keep(SqlConnection connection, Partition partition, Instant now) {
    // The duration of a refused batch is not representative.
    Double seconds =
        partition.state() == PartitionState.ENDED && !partition.answerFiles().isEmpty()
            ? partition
                .creatingAt()
                .map(begun -> Duration.between(begun, now).toMillis() / 1000.0)
                .orElse(null)
            : null;
    return connection
        .preparedQuery(KEEP)
        .execute(
            Tuple.tuple()
                .addString(partition.provider())
                .addString(partition.remoteModel())
                .addDouble(seconds))
        .map(
            rows -> rows.iterator().hasNext() ? rows.iterator().next().getLong(0) : Long.MAX_VALUE);
  }

  /// The event is committed; a failed wake-up only delays partitions, and is logged.
  private static Uni<Void> quietly(Uni<Void> wake) {
    return wake.onFailure()
        .invoke(failure ->
            LOG.warnf(
                "Wake-up failed, partitions retry at their due time: reason=%s",
                failure.getMessage()))
        .onFailure()
        .recoverWithNull();
  }
}
