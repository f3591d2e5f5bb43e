package dev.arcticsynth.task;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// Takes and keeps leases on rows that are due.
///
/// The token is random, not a counter: after a fail-over that loses the newest writes a counter
/// would hand out the same value twice (`design/RELIABILITY.md` §2.3).
@ApplicationScoped
public class Claims {

  // One statement for everything that waits, so that a tick with nothing due costs one query.
  private static final String CLAIM =
      """
      WITH due_partition AS MATERIALIZED (
             SELECT id FROM partition
              WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until < $1) AND provider = ANY ($4)
              ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED),
           due_task AS MATERIALIZED (
             SELECT id FROM task
              WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until < $1) AND provider = ANY ($4)
              ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED),
           -- At most two of a host under way, so that a slow one holds up nobody else's.
           due_delivery AS MATERIALIZED (
             SELECT d.id FROM delivery d JOIN (
                 SELECT id, row_number() OVER (
                     PARTITION BY host ORDER BY (lease_until >= $1) DESC NULLS LAST, due_at) AS place
                   FROM delivery WHERE due_at <= $1) queue ON queue.id = d.id AND queue.place <= 2
              WHERE d.due_at <= $1 AND (d.lease_until IS NULL OR d.lease_until < $1)
              ORDER BY d.due_at LIMIT $6 FOR UPDATE OF d SKIP LOCKED),
           claimed_delivery AS (
             UPDATE delivery d SET lease_token = gen_random_uuid(), lease_owner = $2, lease_until = $3
               FROM due_delivery WHERE d.id = due_delivery.id RETURNING d.id, d.lease_token, d.due_at),
           claimed_partition AS (
             UPDATE partition p SET lease_token = gen_random_uuid(), lease_owner = $2, lease_until = $3
               FROM due_partition WHERE p.id = due_partition.id RETURNING p.id, p.lease_token, p.due_at),
           claimed_task AS (
             UPDATE task t SET lease_token = gen_random_uuid(), lease_owner = $2, lease_until = $3
               FROM due_task WHERE t.id = due_task.id RETURNING t.id, t.lease_token, t.due_at)
      SELECT 'TASK' AS kind, id, lease_token, due_at FROM claimed_task
      UNION ALL
      SELECT 'PARTITION', id, lease_token, due_at FROM claimed_partition
      UNION ALL
      SELECT 'DELIVERY', id, lease_token, due_at FROM claimed_delivery
      ORDER BY due_at\
      """;

  private static final String RENEW =
      """
      WITH kept AS (UPDATE partition SET lease_until = $2 WHERE lease_token = ANY ($1)),
           kept_delivery AS (UPDATE delivery SET lease_until = $2 WHERE lease_token = ANY ($1))
      UPDATE task SET lease_until = $2 WHERE lease_token = ANY ($1)\
      """;

  private static final String RELEASE =
      """
      WITH freed AS (UPDATE partition SET lease_token = NULL, lease_owner = NULL, lease_until = NULL
                      WHERE lease_token = ANY ($1)),
           freed_delivery AS (UPDATE delivery SET lease_token = NULL, lease_owner = NULL, lease_until = NULL
                               WHERE lease_token = ANY ($1))
      UPDATE task SET lease_token = NULL, lease_owner = NULL, lease_until = NULL WHERE lease_token = ANY ($1)\
      """;

  private static final String OWNERS =
      """
      SELECT lease_owner FROM partition WHERE lease_until > $1 AND lease_owner IS NOT NULL
      UNION SELECT lease_owner FROM task WHERE lease_until > $1 AND lease_owner IS NOT NULL
      UNION SELECT lease_owner FROM delivery WHERE lease_until > $1 AND lease_owner IS NOT NULL\
      """;

  private static final String INHERIT =
      """
      WITH freed AS (UPDATE partition SET lease_token = NULL, lease_owner = NULL, lease_until = NULL
                      WHERE lease_owner = ANY ($1)),
           freed_delivery AS (UPDATE delivery SET lease_token = NULL, lease_owner = NULL, lease_until = NULL
                               WHERE lease_owner = ANY ($1))
      UPDATE task SET lease_token = NULL, lease_owner = NULL, lease_until = NULL WHERE lease_owner = ANY ($1)\
      """;

  private final Pool pool;
  private final Replica replica;

  Claims(Pool pool, Replica replica) {
    this.pool = pool;
    this.replica = replica;
  }

  /// Frees what processes of this machine held that are gone, so that a person who starts again
  /// does not wait for leases to run out. That is courtesy, not safety: a freed row is taken over
  /// by the same protocol as one whose lease ran out. Returns the names of the gone.
  public Uni<List<String>> inherit(Instant now) {
    return pool.preparedQuery(OWNERS)
        .execute(Tuple.of(utc(now)))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString(0))
                .filter(replica::isGone)
                .toList())
        .call(gone ->
            gone.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(INHERIT).execute(Tuple.of(gone.toArray(String[]::new))));
  }

  /// Steps of the flow alone.
  public Uni<List<Claim>> claimDue(
      Instant now, String owner, Duration lease, Collection<String> providers, int most) {
    return claimDue(now, owner, lease, providers, most, 0);
  }

  /// Claims rows that are due, the longest due first: up to `most` tasks and as many partitions, of
  /// providers that this process can reach, and up to `deliveries` of what is owed to callers.
  public Uni<List<Claim>> claimDue(
      Instant now,
      String owner,
      Duration lease,
      Collection<String> providers,
      int most,
      int deliveries) {
    return pool.preparedQuery(CLAIM)
        .execute(
            Tuple.of(
                utc(now),
                owner,
                utc(now.plus(lease)),
                providers.toArray(String[]::new),
                most,
                deliveries))
        .map(Claims::claims);
  }

  /// Makes the leases with these tokens last until the given time; a lost one stays lost.
  public Uni<Void> renew(Collection<UUID> tokens, Instant until) {
    return pool.preparedQuery(RENEW)
        .execute(Tuple.of(tokens.toArray(UUID[]::new), utc(until)))
        .replaceWithVoid();
  }

  /// Gives rows back untouched: whoever comes next may have them at once.
  public Uni<Void> release(Collection<UUID> tokens) {
    return pool.preparedQuery(RELEASE)
        .execute(Tuple.of(tokens.toArray(UUID[]::new)))
        .replaceWithVoid();
  }

  private static List<Claim> claims(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Claim(
                Claim.Kind.valueOf(row.getString("kind")),
                row.getUUID("id"),
                row.getUUID("lease_token"),
                row.getOffsetDateTime("due_at").toInstant()))
        .toList();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
