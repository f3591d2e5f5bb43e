package dev.arcticsynth.task.lease;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import java.util.UUID;

/// Checks the lease of a claimed row: the row has our token, and the database writes the timeline
/// under which it was claimed (`docs/RELIABILITY.md#leases`). A promoted standby may have lost our
/// writes since, so the claim is void there.
public final class LeaseGuard {

  private static final String OURS =
      "id = ?1 and leaseToken = ?2 and cast(function('wal_timeline') as string) = ?3";

  private static final String OUR_ACCOUNT =
      """
      SELECT id FROM provider_account
       WHERE id = :id AND lease_token = :token AND wal_timeline() = :timeline FOR UPDATE\
      """;

  private LeaseGuard() {}

  /// The first statement of every write: it checks and locks the row at once. Fails with
  /// [LeaseLostException].
  public static <T> Uni<T> lock(PanacheRepositoryBase<T, UUID> rows, Claim claim) {
    return one(ours(rows, claim).withLock(LockModeType.PESSIMISTIC_WRITE), claim);
  }

  /// The row as it is now; fails with [LeaseLostException].
  public static <T> Uni<T> read(PanacheRepositoryBase<T, UUID> rows, Claim claim) {
    return one(ours(rows, claim), claim);
  }

  /// The first statement of a transaction that the holder of an account makes: it checks and locks
  /// the account's row. Fails with [LeaseLostException].
  public static Uni<Void> lockAccount(Claim account) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(OUR_ACCOUNT, UUID.class)
                .setParameter("id", account.id())
                .setParameter("token", account.token())
                .setParameter("timeline", account.timeline())
                .getSingleResultOrNull())
        .onItem()
        .ifNull()
        .failWith(account::lost)
        .replaceWithVoid();
  }

  private static <T> PanacheQuery<T> ours(PanacheRepositoryBase<T, UUID> rows, Claim claim) {
    return rows.find(OURS, claim.id(), claim.token(), claim.timeline());
  }

  private static <T> Uni<T> one(PanacheQuery<T> rows, Claim claim) {
    return rows.<T>firstResult().onItem().ifNull().failWith(claim::lost);
  }
}
