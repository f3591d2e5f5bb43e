package dev.arcticsynth.task.quota;

import static dev.arcticsynth.task.sql.RowMapping.utc;
import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.Partition;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;

/// How large a file an account takes, where that is less than it is configured to: learned from
/// refusals, since no API says it, and kept to by all replicas. Half of the smallest file that was
/// refused, which is what its halves have; for a day, since limits of gateways are raised.
@ApplicationScoped
public class FileSizeLimits {

  private static final Duration BELIEVED_FOR = Duration.ofDays(1);

  private static final String LARGEST =
      """
      SELECT greatest(1, refused_bytes / 2) FROM provider_account
       WHERE provider = $1 AND refused_bytes_at > $2\
      """;

  private static final String LEARN =
      """
      UPDATE provider_account
         SET refused_bytes = CASE WHEN refused_bytes_at > CAST(:since AS timestamptz)
                                  THEN least(refused_bytes, CAST(:bytes AS bigint)) ELSE CAST(:bytes AS bigint) END,
             refused_bytes_at = CAST(:now AS timestamptz)
       WHERE provider = :provider\
      """;

  private final Pool pool;
  private final InstantSource clock;

  FileSizeLimits(Pool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /// The most bytes that a file should have; empty where none was refused.
  public Uni<OptionalLong> largest(String provider) {
    return pool.preparedQuery(LARGEST)
        .execute(Tuple.of(provider, utc(clock.instant().minus(BELIEVED_FOR))))
        .map(rows ->
            rows.iterator().hasNext()
                ? OptionalLong.of(rows.iterator().next().getLong(0))
                : OptionalLong.empty());
  }

  /// The file of a partition was refused for its size. Belongs into the transaction that records
  /// it.
  static Uni<Void> learn(Partition partition, Instant now) {
    return execute(
            LEARN,
            Map.of(
                "provider", partition.provider(),
                "bytes", partition.wireBytes(),
                "since", utc(now.minus(BELIEVED_FOR)),
                "now", utc(now)))
        .replaceWithVoid();
  }
}
