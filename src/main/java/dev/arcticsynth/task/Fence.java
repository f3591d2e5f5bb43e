package dev.arcticsynth.task;

import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.LockModeType;
import java.util.UUID;

/// Whether a claimed row is still ours: it has our token, and the database writes the timeline
/// under which we got it (`docs/RELIABILITY.md#leases`). A standby that was promoted may have lost
/// what we did since, so nothing that we know counts there.
final class Fence {

  private static final String OURS =
      "id = ?1 and leaseToken = ?2 and cast(function('wal_timeline') as string) = ?3";

  private Fence() {}

  /// The first statement of every write: it checks and locks the row at once. Fails with
  /// [LeaseLostException].
  static <T> Uni<T> lock(PanacheRepositoryBase<T, UUID> rows, Claim claim) {
    return one(ours(rows, claim).withLock(LockModeType.PESSIMISTIC_WRITE), claim);
  }

  /// The row as it is now; fails with [LeaseLostException].
  static <T> Uni<T> read(PanacheRepositoryBase<T, UUID> rows, Claim claim) {
    return one(ours(rows, claim), claim);
  }

  private static <T> PanacheQuery<T> ours(PanacheRepositoryBase<T, UUID> rows, Claim claim) {
    return rows.find(OURS, claim.id(), claim.token(), claim.timeline());
  }

  private static <T> Uni<T> one(PanacheQuery<T> rows, Claim claim) {
    return rows.<T>firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> new LeaseLostException(claim.what(), claim.id()));
  }
}
