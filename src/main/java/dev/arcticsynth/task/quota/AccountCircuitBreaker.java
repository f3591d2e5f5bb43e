package dev.arcticsynth.task.quota;

import static dev.arcticsynth.task.sql.RowMapping.utc;
import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.AdmissionDeferred;
import dev.arcticsynth.task.PartitionEvent.Ended;
import dev.arcticsynth.task.PartitionEvent.StillRunning;
import dev.arcticsynth.task.PartitionEvent.Submitted;
import dev.arcticsynth.task.WaitReason;
import dev.arcticsynth.task.sql.RowMapping;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The circuit breaker of an account. When a failure needs an operator, the account is parked, for
/// all replicas; after a while one partition is the probe, and the others follow when it succeeds.
///
/// Every method belongs into the transaction that records the partition, and locks the account's
/// row only while the account is parked. What was refused by other settings than ours does not
/// count for us: a corrected key is tried at once.
final class AccountCircuitBreaker {

  /// While one partition probes, the others wait.
  private static final Duration PROBE = Duration.ofMinutes(5);

  private static final String LOOK =
      """
      SELECT parked_until, parked_for, parked_because FROM provider_account
       WHERE provider = :provider AND parked_until IS NOT NULL AND coalesce(parked_settings, :settings) = :settings
         FOR UPDATE\
      """;

  private static final String PUT_OFF =
      "UPDATE provider_account SET parked_until = CAST(:until AS timestamptz) WHERE provider = :provider";

  private static final String PARK =
      """
      INSERT INTO provider_account (provider, parked_until, parked_for, parked_because, parked_by_batch, parked_settings)
      VALUES (:provider, CAST(:until AS timestamptz), :for, :because, :batch, :settings)
      ON CONFLICT (provider) DO UPDATE SET parked_until = excluded.parked_until, parked_for = excluded.parked_for,
        parked_because = excluded.parked_because, parked_by_batch = excluded.parked_by_batch,
        parked_settings = excluded.parked_settings\
      """;

  // Where batches were refused after their create, only answers prove that the account works.
  private static final String CLEAR =
      """
      UPDATE provider_account SET parked_until = NULL, parked_for = NULL, parked_because = NULL, parked_by_batch = false,
             parked_settings = NULL
       WHERE provider = :provider AND parked_until IS NOT NULL AND (:answers OR NOT parked_by_batch)\
      """;

  private AccountCircuitBreaker() {}

  /// Locked until the transaction ends.
  ///
  /// @param until nothing may be begun before
  record Park(Instant until, WaitReason waits, String because) {
    boolean isOver(Instant now) {
      return !now.isBefore(until);
    }

    PartitionEvent deferred() {
      return new AdmissionDeferred(waits, because, until);
    }
  }

  /// @param settings ours
  static Uni<Optional<Park>> look(Partition partition, String settings) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(LOOK, Object[].class)
                .setParameter("provider", partition.provider())
                .setParameter("settings", settings)
                .getResultList())
        .map(rows ->
            rows.stream().findFirst().map(row -> (Object[]) row).map(AccountCircuitBreaker::park));
  }

  private static Park park(Object[] row) {
    return new Park(
        RowMapping.instant(row[0]).orElseThrow(),
        WaitReason.valueOf((String) row[1]),
        (String) row[2]);
  }

  /// The partition is the probe.
  static Uni<Void> probe(Partition partition, Instant now) {
    return execute(PUT_OFF, Map.of("provider", partition.provider(), "until", utc(now.plus(PROBE))))
        .replaceWithVoid();
  }

  /// @param settings ours
  /// @param byBatch the call was taken and the batch refused afterwards
  static Uni<Void> park(
      Partition partition, PartitionEvent.Parked parked, String settings, boolean byBatch) {
    return execute(
            PARK,
            Map.of(
                "provider", partition.provider(),
                "until", utc(parked.retryAt()),
                "for", parked.waits().name(),
                "because", parked.reason(),
                "batch", byBatch,
                "settings", settings))
        .replaceWithVoid();
  }

  /// An event of a partition may prove that its account works again; true when the account was
  /// parked.
  static Uni<Boolean> proven(Partition partition, PartitionEvent event) {
    boolean answers =
        event instanceof StillRunning(_, int count, _) && count > 0
            || event instanceof Ended ended && !ended.files().isEmpty();
    return answers || event instanceof Submitted
        ? execute(CLEAR, Map.of("provider", partition.provider(), "answers", answers))
            .map(cleared -> cleared > 0)
        : Uni.createFrom().item(false);
  }
}
