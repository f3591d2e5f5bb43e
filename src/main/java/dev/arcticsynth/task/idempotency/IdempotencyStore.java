package dev.arcticsynth.task.idempotency;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Calls that must be done once: those in progress, and the responses of those that are done
/// (`docs/RELIABILITY.md#idempotency`).
///
/// While a call is in progress its row is leased, as rows of the flow are: after a crash another
/// process takes the row over, and the former holder cannot commit, since the commit checks the
/// token. The answer is committed together with the change, so that there is never one without the
/// other.
@ApplicationScoped
public class IdempotencyStore {

  // A row that is answered and expired, or whose lease has expired, counts as absent.
  private static final String RESERVE =
      """
      INSERT INTO idempotent_call AS c (owner, method, route, key, token, holder, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (owner, method, route, key) DO UPDATE
         SET token = excluded.token, holder = excluded.holder, expires_at = excluded.expires_at,
             fingerprint = NULL, status = NULL, location = NULL, body = NULL
       WHERE c.expires_at <= $8 OR c.holder = $9
      RETURNING 1\
      """;
  private static final String FOUND =
      """
      SELECT holder, fingerprint, status, location, body FROM idempotent_call
       WHERE owner = $1 AND method = $2 AND route = $3 AND key = $4\
      """;
  private static final String RENEW =
      """
      UPDATE idempotent_call SET expires_at = $6
       WHERE owner = $1 AND method = $2 AND route = $3 AND key = $4 AND token = $5\
      """;
  private static final String FREE =
      """
      DELETE FROM idempotent_call
       WHERE owner = $1 AND method = $2 AND route = $3 AND key = $4 AND token = $5\
      """;
  private static final String ANSWER =
      """
      UPDATE idempotent_call
         SET token = NULL, holder = NULL, fingerprint = :fingerprint, status = :status,
             location = nullif(:location, ''), body = nullif(:body, ''), expires_at = :until
       WHERE owner = :owner AND method = :method AND route = :route AND key = :key AND token = :token\
      """;

  // A holder with an expired lease may still commit, unless another process has taken over.
  private static final String DELETE_EXPIRED =
      """
      DELETE FROM idempotent_call
       WHERE expires_at <= $1 AND (status IS NOT NULL OR expires_at <= $2)\
      """;

  private static final Duration SILENCE = Duration.ofDays(1);
  private static final String NO_PROCESS = "";

  private final Pool pool;
  private final InstantSource clock;
  private final Replica replica;
  private final IdempotencyConfig config;

  IdempotencyStore(Pool pool, InstantSource clock, Replica replica, IdempotencyConfig config) {
    this.pool = pool;
    this.clock = clock;
    this.replica = replica;
    this.config = config;
  }

  /// Reserves the key, unless the call is in progress or done.
  public Uni<Reservation> reserve(IdempotencyKey key) {
    return take(key, NO_PROCESS)
        .chain(taken -> taken.isPresent() ? Uni.createFrom().item(taken.get()) : found(key));
  }

  /// @param dead a dead process whose calls may be taken over before their lease expires
  private Uni<Optional<Reservation>> take(IdempotencyKey key, String dead) {
    var token = UUID.randomUUID();
    Instant now = clock.instant();
    var row =
        of(key)
            .addUUID(token)
            .addString(replica.name())
            .addValue(utc(now.plus(config.lease())))
            .addValue(utc(now))
            .addString(dead);
    Failpoint.hit("call.reserve.before");
    return pool.preparedQuery(RESERVE)
        .execute(row)
        .invoke(() -> Failpoint.hit("call.reserve.after"))
        .map(rows ->
            rows.size() == 1 ? Optional.of(new Reservation.Granted(key, token)) : Optional.empty());
  }

  private Uni<Reservation> found(IdempotencyKey key) {
    return pool.preparedQuery(FOUND)
        .execute(of(key))
        .chain(rows -> {
          // Deleted in between: the call in progress has just failed. The caller may retry.
          if (rows.size() == 0) {
            return Uni.createFrom().item(new Reservation.InProgress());
          }
          Row row = rows.iterator().next();
          return row.getInteger("status") == null
              ? underWay(key, row.getString("holder"))
              : Uni.createFrom().item(new Reservation.Done(answer(row)));
        });
  }

  /// A process of this machine that was killed cannot commit; its lease need not expire first.
  private Uni<Reservation> underWay(IdempotencyKey key, String holder) {
    return replica.isGone(holder)
        ? take(key, holder).map(taken -> taken.orElseGet(Reservation.InProgress::new))
        : Uni.createFrom().item(new Reservation.InProgress());
  }

  private static StoredResponse answer(Row row) {
    return new StoredResponse(
        row.getString("fingerprint"),
        row.getInteger("status"),
        Optional.ofNullable(row.getString("location")),
        Optional.ofNullable(row.getString("body")));
  }

  /// Renews the lease; fails with [CallInProgressException] where another process has taken the
  /// call over.
  public Uni<Void> renew(Reservation.Granted granted) {
    return pool.preparedQuery(RENEW)
        .execute(
            of(granted.key())
                .addUUID(granted.token())
                .addValue(utc(clock.instant().plus(config.lease()))))
        .map(RowSet::rowCount)
        .invoke(IdempotencyStore::requireOurs)
        .replaceWithVoid();
  }

  /// The interval of renewals.
  public Duration renewal() {
    return config.lease().dividedBy(4);
  }

  /// The call was not done; the key is free. A call that was done stays so.
  public Uni<Void> free(Reservation.Granted granted) {
    return pool.preparedQuery(FREE)
        .execute(of(granted.key()).addUUID(granted.token()))
        .replaceWithVoid();
  }

  /// The change and its answer, in one transaction. Fails with [CallInProgressException], and
  /// changes nothing, where another process has taken the call over.
  ///
  /// @param change database work only; its own transactions become part of this one
  public Uni<StoredResponse> commit(
      Reservation.Granted granted, Supplier<Uni<StoredResponse>> change) {
    return Panache.withTransaction(() ->
            change
                .get()
                .call(answer -> record(granted, answer))
                .invoke(() -> Failpoint.hit("call.answer.before-commit")))
        .invoke(() -> Failpoint.hit("call.answer.after-commit"));
  }

  private Uni<Void> record(Reservation.Granted granted, StoredResponse answer) {
    IdempotencyKey key = granted.key();
    return execute(
            ANSWER,
            Map.ofEntries(
                Map.entry("owner", key.owner()),
                Map.entry("method", key.method()),
                Map.entry("route", key.route()),
                Map.entry("key", key.key()),
                Map.entry("token", granted.token()),
                Map.entry("fingerprint", answer.fingerprint()),
                Map.entry("status", answer.status()),
                Map.entry("location", answer.location().orElse("")),
                Map.entry("body", answer.body().orElse("")),
                Map.entry("until", clock.instant().plus(config.keep()))))
        .invoke(IdempotencyStore::requireOurs)
        .replaceWithVoid();
  }

  /// Deletes expired answers; returns how many.
  public Uni<Integer> deleteExpired() {
    Instant now = clock.instant();
    return pool.preparedQuery(DELETE_EXPIRED)
        .execute(Tuple.of(utc(now), utc(now.minus(SILENCE))))
        .map(RowSet::rowCount);
  }

  private static void requireOurs(int rows) {
    if (rows != 1) {
      throw new CallInProgressException();
    }
  }

  private static Tuple of(IdempotencyKey key) {
    return Tuple.tuple()
        .addString(key.owner())
        .addString(key.method())
        .addString(key.route())
        .addString(key.key());
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /// The identity of a call: owner, key and route.
  ///
  /// @param route the path as a template, `/v1/tasks/{name}/cancel` say
  public record IdempotencyKey(String owner, String method, String route, String key) {}

  /// The response to a call that was done.
  ///
  /// @param fingerprint of the request, to notice a key that is used for something else
  /// @param location a path
  public record StoredResponse(
      String fingerprint, int status, Optional<String> location, Optional<String> body) {}

  /// The outcome of a reservation.
  public sealed interface Reservation {

    /// The key is ours. A process that takes it over gets another token.
    record Granted(IdempotencyKey key, UUID token) implements Reservation {}

    /// The call was done before.
    record Done(StoredResponse response) implements Reservation {}

    /// Another call with the key is under way.
    record InProgress() implements Reservation {}
  }

  /// The same call is in progress, most likely an earlier attempt of the same caller.
  public static final class CallInProgressException extends RuntimeException {
    public CallInProgressException() {
      super(
          "A call with this Idempotency-Key is in progress; retry in a moment to get its answer.");
    }
  }
}
