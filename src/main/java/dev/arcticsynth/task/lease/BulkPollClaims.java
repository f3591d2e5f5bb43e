package dev.arcticsynth.task.lease;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.sql.RowMapping;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/// Partitions with a batch on the same account, that are polled together.
@ApplicationScoped
public class BulkPollClaims {

  /// A claim of each is held in memory.
  private static final int MOST = 1_000;

  // One whose task is being cancelled is asked to stop, each by a call of its own.
  private static final String CLAIM =
      """
      WITH live AS MATERIALIZED (
             SELECT count(*) AS n FROM (SELECT 1 FROM partition
                                         WHERE provider = $1 AND state IN ('SUBMITTED', 'CANCELLING') LIMIT $2) AS counted),
           sibling AS MATERIALIZED (
             SELECT p.id FROM partition p
              WHERE (SELECT n FROM live) >= $2 AND p.provider = $1 AND p.state IN ('SUBMITTED', 'CANCELLING')
                AND p.due_at <= $3 AND (p.lease_until IS NULL OR p.lease_until < $4)
                AND NOT (p.state = 'SUBMITTED'
                         AND EXISTS (SELECT 1 FROM task t WHERE t.id = p.task_id AND t.state = 'CANCELLING'))
              ORDER BY p.due_at LIMIT $5 FOR UPDATE OF p SKIP LOCKED)
      UPDATE partition p SET lease_token = gen_random_uuid(), lease_owner = $6, lease_until = $7
        FROM sibling WHERE p.id = sibling.id AND wal_timeline() = $8
      RETURNING p.id, p.lease_token, p.due_at, p.remote_batch_id, coalesce(p.creating_at, p.created_at) AS made_at\
      """;

  private final Pool pool;
  private final Replica replica;

  BulkPollClaims(Pool pool, Replica replica) {
    this.pool = pool;
    this.replica = replica;
  }

  /// A claimed partition with its batch.
  ///
  /// @param madeAt before its batch was created
  public record ClaimedBatch(Claim claim, String batchId, Instant madeAt) {}

  /// Claims the partitions of a provider that are polled by `soon`, if more than so many batches
  /// are live there, as the claimed one's companions.
  public Uni<List<ClaimedBatch>> claim(
      Claim claim, String provider, int moreThan, Instant soon, Instant now) {
    Failpoint.hit("lease.siblings.before");
    return pool.preparedQuery(CLAIM)
        .execute(
            Tuple.tuple()
                .addString(provider)
                .addInteger(moreThan + 1)
                .addOffsetDateTime(RowMapping.utc(soon))
                .addOffsetDateTime(RowMapping.utc(now))
                .addInteger(MOST)
                .addString(replica.name())
                .addOffsetDateTime(RowMapping.utc(now.plus(claim.lease())))
                .addString(claim.timeline()))
        .invoke(() -> Failpoint.hit("lease.siblings.after"))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> sibling(row, claim))
                .toList());
  }

  private static ClaimedBatch sibling(Row row, Claim of) {
    return new ClaimedBatch(
        new Claim(
            Claim.Kind.PARTITION,
            row.getUUID("id"),
            row.getUUID("lease_token"),
            row.getOffsetDateTime("due_at").toInstant(),
            of.timeline(),
            of.lease()),
        row.getString("remote_batch_id"),
        row.getOffsetDateTime("made_at").toInstant());
  }
}
