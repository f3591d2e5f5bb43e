package dev.arcticsynth.task.audit;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.sql.RowMapping;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;

/// The accounts behind the providers: when they are audited, and under which timeline they were
/// scanned. Each method is one statement.
@ApplicationScoped
public class AccountRepository {

  // Where nothing is in flight, nothing can have been lost.
  private static final String OPEN =
      """
      INSERT INTO provider_account (provider, timeline, due_at)
      SELECT name,
             CASE WHEN EXISTS (SELECT 1 FROM partition p
                                WHERE p.provider = name AND p.state NOT IN ('DOWNLOADED', 'FAILED', 'CANCELLED'))
                  THEN NULL ELSE wal_timeline() END,
             $2
        FROM unnest($1::text[]) AS name
       WHERE NOT EXISTS (SELECT 1 FROM provider_account a WHERE a.provider = name)
      ON CONFLICT (provider) DO NOTHING\
      """;

  private static final String CLAIMED =
      """
      SELECT provider, coalesce(timeline = $3, false) AS is_open, coalesce(sweeping = $3, false) AS is_sweeping, sweeping_since, fences
        FROM provider_account WHERE id = $1 AND lease_token = $2 AND wal_timeline() = $3\
      """;

  private static final String TASKS_DUE =
      "SELECT EXISTS (SELECT 1 FROM task WHERE provider = $1 AND due_at <= $2)";

  private static final String BEGUN =
      """
      UPDATE provider_account SET sweeping = $3, sweeping_since = $4, fences = 0
       WHERE id = $1 AND lease_token = $2 AND wal_timeline() = $3\
      """;

  private static final String FENCED =
      """
      UPDATE provider_account SET fences = fences + 1, due_at = $4, lease_token = NULL, lease_owner = NULL, lease_until = NULL
       WHERE id = $1 AND lease_token = $2 AND wal_timeline() = $3\
      """;

  private static final String SWEPT =
      """
      UPDATE provider_account SET timeline = $3, sweeping = NULL, sweeping_since = NULL, fences = 0, due_at = $4,
             lease_token = NULL, lease_owner = NULL, lease_until = NULL
       WHERE id = $1 AND lease_token = $2 AND wal_timeline() = $3\
      """;

  private static final String LATER =
      """
      UPDATE provider_account SET due_at = $4, lease_token = NULL, lease_owner = NULL, lease_until = NULL
       WHERE id = $1 AND lease_token = $2 AND wal_timeline() = $3\
      """;

  private static final String NOTE =
      """
      INSERT INTO audit_event (at, provider, kind, remote_id, tag, detail) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (provider, kind, remote_id) DO NOTHING\
      """;

  private final Pool pool;

  AccountRepository(Pool pool) {
    this.pool = pool;
  }

  /// Creates missing accounts. A new one with work in flight must be scanned first.
  ///
  /// @param auditAt when a new one is audited for the first time
  public Uni<Void> open(Collection<String> providers, Instant auditAt) {
    return pool.preparedQuery(OPEN)
        .execute(Tuple.of(providers.toArray(String[]::new), RowMapping.utc(auditAt)))
        .replaceWithVoid();
  }

  /// The claimed account as it is now; fails with `LeaseLostException` when it is not ours any
  /// more.
  public Uni<Account> claimed(Claim claim) {
    return pool.preparedQuery(CLAIMED)
        .execute(ours(claim))
        .map(rows -> {
          if (rows.rowCount() == 0) {
            throw claim.lost();
          }
          Row row = rows.iterator().next();
          return new Account(
              row.getString("provider"),
              row.getBoolean("is_open"),
              row.getBoolean("is_sweeping"),
              Optional.ofNullable(row.getOffsetDateTime("sweeping_since"))
                  .map(OffsetDateTime::toInstant),
              row.getInteger("fences"));
        });
  }

  /// A scan for the timeline of the claim begins; from now on the account has its own due time.
  public Uni<Void> begun(Claim claim, Instant now) {
    return write("begun", BEGUN, claim, ours(claim).addOffsetDateTime(RowMapping.utc(now)));
  }

  /// Whether a task of the provider has pending work, such as its split.
  public Uni<Boolean> areTasksDue(String provider, Instant now) {
    return pool.preparedQuery(TASKS_DUE)
        .execute(Tuple.of(provider, RowMapping.utc(now)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// No create of a lost attempt can succeed any more; the scan continues later.
  public Uni<Void> fenced(Claim claim, Instant goOnAt) {
    return write("fenced", FENCED, claim, ours(claim).addOffsetDateTime(RowMapping.utc(goOnAt)));
  }

  /// Everything that was lost has been found: work on the account may begin.
  public Uni<Void> swept(Claim claim, Instant auditAt) {
    return write("swept", SWEPT, claim, ours(claim).addOffsetDateTime(RowMapping.utc(auditAt)));
  }

  /// This audit is over, or has failed.
  public Uni<Void> later(Claim claim, Instant auditAt) {
    return write("later", LATER, claim, ours(claim).addOffsetDateTime(RowMapping.utc(auditAt)));
  }

  /// Puts a finding on record; false where it was there already.
  public Uni<Boolean> note(AuditFinding auditFinding, Instant now) {
    Failpoint.hit("audit.note.before");
    return pool.preparedQuery(NOTE)
        .execute(
            Tuple.tuple()
                .addOffsetDateTime(RowMapping.utc(now))
                .addString(auditFinding.provider())
                .addString(auditFinding.kind().name())
                .addString(auditFinding.remoteId())
                .addString(auditFinding.tag().toString())
                .addString(auditFinding.detail()))
        .invoke(() -> Failpoint.hit("audit.note.after"))
        .map(rows -> rows.rowCount() == 1);
  }

  private Uni<Void> write(String what, String sql, Claim claim, Tuple parameters) {
    Failpoint.hit("audit.", what, ".before");
    return pool.preparedQuery(sql)
        .execute(parameters)
        .invoke(() -> Failpoint.hit("audit.", what, ".after"))
        .invoke(rows -> {
          if (rows.rowCount() == 0) {
            throw claim.lost();
          }
        })
        .replaceWithVoid();
  }

  private static Tuple ours(Claim claim) {
    return Tuple.tuple().addUUID(claim.id()).addUUID(claim.token()).addString(claim.timeline());
  }

  /// An account that an auditor has claimed.
  ///
  /// @param isOpen it was scanned under the timeline that is written
  /// @param isScanning a scan under this timeline has begun
  /// @param scanningSince when that was
  /// @param fences how often files were deleted in it
  public record Account(
      String provider,
      boolean isOpen,
      boolean isScanning,
      Optional<Instant> scanningSince,
      int fences) {}
}
