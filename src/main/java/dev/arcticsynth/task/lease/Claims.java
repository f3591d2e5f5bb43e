package dev.arcticsynth.task.lease;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.sql.RowMapping;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/// Takes and keeps leases on rows that are due.
///
/// The token is random, not a counter: after a fail-over that loses the newest writes a counter
/// would hand out the same value twice (`docs/RELIABILITY.md#leases`).
@ApplicationScoped
public class Claims {

  private static final Logger LOG = Logger.getLogger(Claims.class);

  // One statement for everything that waits, so that a tick with nothing due costs one query. No
  // work of a provider begins before its account was scanned under the timeline that is written
  // now; a scan that has not begun is due at once. Steps of tasks begin no provider work.
  private static final String CLAIM =
      """
      WITH here AS MATERIALIZED (SELECT wal_timeline() AS timeline),
           swept AS MATERIALIZED (
             SELECT a.provider FROM provider_account a, here
              WHERE a.provider = ANY ($4) AND a.timeline = here.timeline),
           due_provider_account AS MATERIALIZED (
             SELECT a.id FROM provider_account a, here
              WHERE a.provider = ANY ($4) AND (a.lease_until IS NULL OR a.lease_until < $1)
                AND (a.due_at IS NULL OR a.due_at <= $1
                     OR (a.timeline IS DISTINCT FROM here.timeline AND a.sweeping IS DISTINCT FROM here.timeline))
              ORDER BY a.due_at LIMIT $5 FOR UPDATE OF a SKIP LOCKED),
           due_partition AS MATERIALIZED (
             SELECT id FROM partition
              WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until < $1)
                AND provider = ANY (ARRAY (SELECT provider FROM swept))
              ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED),
           due_task AS MATERIALIZED (
             SELECT id FROM task
              WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until < $1) AND provider = ANY ($4)
              ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED),
           -- At most two of a host under way, so that a slow one holds up no other host's.
           due_delivery AS MATERIALIZED (
             SELECT d.id FROM delivery d JOIN (
                 SELECT id, row_number() OVER (
                     PARTITION BY host ORDER BY (lease_until >= $1) DESC NULLS LAST, due_at) AS place
                   FROM delivery WHERE due_at <= $1) queue ON queue.id = d.id AND queue.place <= 2
              WHERE d.due_at <= $1 AND (d.lease_until IS NULL OR d.lease_until < $1)
              ORDER BY d.due_at LIMIT $6 FOR UPDATE OF d SKIP LOCKED),
           %s
      SELECT kind, id, lease_token, due_at, here.timeline FROM (%s) AS claimed, here
       ORDER BY kind <> 'ACCOUNT', due_at\
      """
          .formatted(
              LeasedTable.each(
                  """
                  claimed_{table} AS (
                    UPDATE {table} t SET lease_token = gen_random_uuid(), lease_owner = $2, lease_until = $3
                      FROM due_{table} WHERE t.id = due_{table}.id
                    RETURNING t.id, t.lease_token, coalesce(t.due_at, $1) AS due_at)\
                  """,
                  ", "),
              LeasedTable.each("SELECT '{kind}' AS kind, * FROM claimed_{table}", " UNION ALL "));

  // Token and timeline, as in every write. It waits for no lock: it takes many rows at once, while
  // a transaction that records a partition locks that one first and its task then, which could
  // deadlock. A locked row is being recorded; it cannot be claimed until then, and the next renewal
  // will find it.
  private static final String RENEW =
      """
      WITH ours AS MATERIALIZED (
             SELECT c.token FROM unnest($1::uuid[], $2::text[]) AS c (token, timeline) WHERE c.timeline = wal_timeline()),
           %s
      SELECT 1\
      """
          .formatted(
              LeasedTable.each(
                  """
                  our_{table} AS MATERIALIZED (
                    SELECT {key} FROM {table} WHERE lease_token = ANY (ARRAY (SELECT token FROM ours)) FOR NO KEY UPDATE SKIP LOCKED),
                  kept_{table} AS (UPDATE {table} t SET lease_until = $3 FROM our_{table} o WHERE t.{key} = o.{key})\
                  """,
                  ", "));

  private static final String RELEASE =
      "WITH %s SELECT 1"
          .formatted(
              LeasedTable.each(
                  """
                  freed_{table} AS (
                    UPDATE {table} SET lease_token = NULL, lease_owner = NULL, lease_until = NULL WHERE lease_token = ANY ($1))\
                  """,
                  ", "));

  private static final String OWNERS =
      LeasedTable.each(
          "SELECT lease_owner FROM {table} WHERE lease_until > $1 AND lease_owner IS NOT NULL",
          " UNION ");

  private static final String INHERIT =
      "WITH %s SELECT 1"
          .formatted(
              LeasedTable.each(
                  """
                  left_{table} AS MATERIALIZED (
                    SELECT {key} FROM {table} WHERE lease_owner = ANY ($1) FOR NO KEY UPDATE SKIP LOCKED),
                  freed_{table} AS (
                    UPDATE {table} t SET lease_token = NULL, lease_owner = NULL, lease_until = NULL
                      FROM left_{table} l WHERE t.{key} = l.{key})\
                  """,
                  ", "));

  private final Pool pool;
  private final Replica replica;
  private final AtomicBoolean warned = new AtomicBoolean();

  Claims(Pool pool, Replica replica) {
    this.pool = pool;
    this.replica = replica;
  }

  /// Frees leases of dead processes of this machine, so that a restart does not wait for them to
  /// expire. Safe: a freed row is taken over by the same protocol as one with an expired lease.
  /// Returns the names of the dead.
  public Uni<List<String>> inherit(Instant now) {
    Failpoint.hit("lease.inherit.before");
    return pool.preparedQuery(OWNERS)
        .execute(Tuple.of(RowMapping.utc(now)))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString(0))
                .filter(replica::isGone)
                .toList())
        .call(dead ->
            dead.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(INHERIT)
                    .execute(Tuple.of(dead.toArray(String[]::new)))
                    .invoke(() -> Failpoint.hit("lease.inherit.after")));
  }

  /// Steps of the flow alone.
  public Uni<List<Claim>> claimDue(
      Instant now, String owner, Duration lease, Collection<String> providers, int most) {
    return claimDue(now, owner, lease, providers, most, 0);
  }

  /// Claims rows that are due: up to `most` accounts, as many tasks and as many partitions, of
  /// providers that this process can reach, and up to `deliveries` webhook deliveries. Accounts
  /// first, then the longest due.
  public Uni<List<Claim>> claimDue(
      Instant now,
      String owner,
      Duration lease,
      Collection<String> providers,
      int most,
      int deliveries) {
    Failpoint.hit("lease.claim.before");
    return pool.preparedQuery(CLAIM)
        .execute(
            Tuple.of(
                RowMapping.utc(now),
                owner,
                RowMapping.utc(now.plus(lease)),
                providers.toArray(String[]::new),
                most,
                deliveries))
        .map(rows -> claims(rows, lease))
        .invoke(this::warnOfBlindness)
        .invoke(claims -> {
          if (!claims.isEmpty()) {
            Failpoint.hit("lease.claim.after");
          }
        });
  }

  /// Renews leases until the given time; a lost one stays lost.
  public Uni<Void> renew(Collection<Claim> claims, Instant until) {
    Failpoint.hit("lease.renew.before");
    return pool.preparedQuery(RENEW)
        .execute(
            Tuple.of(
                claims.stream().map(Claim::token).toArray(UUID[]::new),
                claims.stream().map(Claim::timeline).toArray(String[]::new),
                RowMapping.utc(until)))
        .invoke(() -> Failpoint.hit("lease.renew.after"))
        .replaceWithVoid();
  }

  /// Releases rows untouched: another replica may claim them at once.
  public Uni<Void> release(Collection<UUID> tokens) {
    Failpoint.hit("lease.release.before");
    return pool.preparedQuery(RELEASE)
        .execute(Tuple.of(tokens.toArray(UUID[]::new)))
        .invoke(() -> Failpoint.hit("lease.release.after"))
        .replaceWithVoid();
  }

  private static List<Claim> claims(RowSet<Row> rows, Duration lease) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new Claim(
                Claim.Kind.valueOf(row.getString("kind")),
                row.getUUID("id"),
                row.getUUID("lease_token"),
                row.getOffsetDateTime("due_at").toInstant(),
                row.getString("timeline"),
                lease))
        .toList();
  }

  private void warnOfBlindness(List<Claim> claims) {
    boolean isBlind = claims.stream().anyMatch(claim -> claim.timeline().isEmpty());
    if (isBlind && !warned.getAndSet(true)) {
      LOG.warn(
          "The database does not return its timeline, so a fail-over that loses commits goes unnoticed"
              + " and may cost a batch twice: grant EXECUTE on pg_walfile_name and pg_current_wal_lsn, or confirm"
              + " every commit on the standby (synchronous_commit).");
    }
  }
}
