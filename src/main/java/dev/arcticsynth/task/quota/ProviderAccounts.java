package dev.arcticsynth.task.quota;

import dev.arcticsynth.task.WaitReason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// The accounts of the providers and their state.
@ApplicationScoped
public class ProviderAccounts {

  private static final String PARKED =
      """
      SELECT parked_for, parked_because, parked_until FROM provider_account
       WHERE provider = $1 AND parked_until IS NOT NULL AND coalesce(parked_settings, $2) = $2\
      """;

  // What an earlier key or address was told is forgotten.
  private static final String CHANGE =
      """
      UPDATE provider_account SET settings = $2, parked_until = NULL, parked_for = NULL, parked_because = NULL,
             parked_by_batch = false, parked_settings = NULL, refused_bytes = NULL, refused_bytes_at = NULL
       WHERE provider = $1 AND settings IS DISTINCT FROM $2 RETURNING provider\
      """;

  private static final String QUOTAS =
      """
      SELECT l.model, l.tokens, l.learned_at, l.last_refused_at,
             coalesce(sum(p.tokens) FILTER (WHERE %1$s), 0)::bigint AS in_flight, count(p.id) FILTER (WHERE %1$s) AS partitions,
             count(p.id) FILTER (WHERE p.queued_at IS NOT NULL) AS waiting
        FROM token_limit l LEFT JOIN partition p ON p.provider = l.provider AND coalesce(p.remote_model, p.model) = l.model AND %2$s
       WHERE l.provider = $1 AND l.tokens IS NOT NULL
       GROUP BY l.provider, l.model ORDER BY l.model\
      """
          .formatted(InFlightSql.IN_FLIGHT, InFlightSql.OPEN);

  private static final String UNPARK =
      """
      UPDATE provider_account SET parked_until = NULL, parked_for = NULL, parked_because = NULL, parked_by_batch = false,
             parked_settings = NULL
       WHERE parked_until IS NOT NULL AND provider = (SELECT provider FROM task WHERE id = $1) RETURNING provider\
      """;
  private final Pool pool;
  private final InstantSource clock;
  private final CapacityWakeups capacityWakeups;
  private final AccountSettings settings;

  ProviderAccounts(
      Pool pool, InstantSource clock, CapacityWakeups capacityWakeups, AccountSettings settings) {
    this.settings = settings;
    this.pool = pool;
    this.clock = clock;
    this.capacityWakeups = capacityWakeups;
  }

  /// Makes the parked account of a task's provider due, for all its tasks: a refresh means that the
  /// cause may be fixed.
  public Uni<Void> unpark(UUID taskId) {
    return pool.preparedQuery(UNPARK)
        .execute(Tuple.of(taskId))
        .chain(accounts ->
            accounts.size() == 0
                ? Uni.createFrom().voidItem()
                : capacityWakeups.mended(accounts.iterator().next().getString(0), clock.instant()));
  }

  /// At the start of a process: where a provider's settings are others than at the start before, by
  /// whichever process, all that waits for a person or for the provider is due at once.
  public Uni<Void> started(Collection<String> providers) {
    return Multi.createFrom()
        .iterable(providers)
        .onItem()
        .transformToUniAndConcatenate(provider ->
            pool.preparedQuery(CHANGE)
                .execute(Tuple.of(provider, settings.fingerprint(provider)))
                .chain(changed ->
                    changed.size() == 0
                        ? Uni.createFrom().voidItem()
                        : capacityWakeups.corrected(provider, clock.instant())))
        .onItem()
        .ignoreAsUni();
  }

  public Uni<AccountState> of(String provider) {
    return pool.preparedQuery(PARKED)
        .execute(Tuple.of(provider, settings.fingerprint(provider)))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .findFirst()
                .map(ProviderAccounts::parked))
        .chain(parked -> quotas(provider).map(quotas -> new AccountState(parked, quotas)));
  }

  private Uni<List<AccountState.Quota>> quotas(String provider) {
    return pool.preparedQuery(QUOTAS)
        .execute(Tuple.of(provider))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false).map(ProviderAccounts::quota).toList());
  }

  private static AccountState.Parked parked(Row row) {
    return new AccountState.Parked(
        WaitReason.valueOf(row.getString("parked_for")),
        row.getString("parked_because"),
        row.getOffsetDateTime("parked_until").toInstant());
  }

  private static AccountState.Quota quota(Row row) {
    return new AccountState.Quota(
        row.getString("model"),
        row.getLong("tokens"),
        row.getLong("in_flight"),
        row.getInteger("partitions"),
        row.getInteger("waiting"),
        instant(row, "learned_at"),
        instant(row, "last_refused_at"));
  }

  private static Optional<Instant> instant(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  /// The state of a provider's account.
  ///
  /// @param parked an operator must act before new work begins on it
  /// @param quotas the limits that are known, by model
  public record AccountState(Optional<Parked> parked, List<Quota> quotas) {
    public AccountState {
      quotas = List.copyOf(quotas);
    }

    /// @param until when it is tried again without a person
    public record Parked(WaitReason waits, String because, Instant until) {}

    /// Input tokens are estimates of ours.
    ///
    /// @param limit of what may be enqueued at a time
    /// @param waiting partitions that wait for capacity
    /// @param learnedAt absent when it is configured and was never refused
    public record Quota(
        String model,
        long limit,
        long inFlight,
        int partitions,
        int waiting,
        Optional<Instant> learnedAt,
        Optional<Instant> lastRefusedAt) {}
  }
}
