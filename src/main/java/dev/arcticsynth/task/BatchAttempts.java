package dev.arcticsynth.task;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.sql.RowMapping;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Batch attempts of partitions, and their files at the providers.
@ApplicationScoped
@Priority(PartitionObserver.BATCH_ATTEMPT)
public class BatchAttempts implements PartitionObserver {

  // The first row says whether the account is still ours.
  private static final String KNOWN =
      """
      SELECT w.partition_id, w.n, a.state, a.remote_file_id, a.remote_batch_id, a.files_deleted_at IS NOT NULL AS cleaned,
             p.state AS partition_state, p.attempt, p.provider
        FROM provider_account own
       CROSS JOIN unnest($4::uuid[], $5::int[]) AS w (partition_id, n)
        LEFT JOIN partition p ON p.id = w.partition_id
        LEFT JOIN attempt a ON a.partition_id = w.partition_id AND a.n = w.n
       WHERE own.id = $1 AND own.lease_token = $2 AND wal_timeline() = $3\
      """;

  private static final String REMAINS =
      """
      SELECT a.provider, a.partition_id, a.n, a.ended_at, a.remote_file_id, a.answer_files FROM attempt a
        JOIN partition p ON p.id = a.partition_id WHERE p.task_id = $1 AND NOT a.adopted\
      """;

  private static final String EXPIRED =
      """
      SELECT provider, partition_id, n, ended_at, remote_file_id, answer_files FROM attempt
       WHERE EXISTS (SELECT 1 FROM provider_account own WHERE own.id = $7 AND own.lease_token = $8 AND wal_timeline() = $9)
         AND provider = $1 AND ended_at < $2 AND files_deleted_at IS NULL AND NOT adopted
         AND (remote_file_id IS NOT NULL OR answer_files IS NOT NULL)
         AND (ended_at, partition_id, n) > ($3, $4, $5)
       ORDER BY ended_at, partition_id, n LIMIT $6\
      """;

  private static final String TAKEN =
      """
      SELECT count(*) FROM attempt
       WHERE provider = :provider AND remote_batch_id = :batch AND partition_id <> :partition
         AND (state IN ('INTENT', 'CREATING', 'CREATED') OR NOT :live)\
      """;

  private static final String CLEANED =
      """
      UPDATE attempt a SET files_deleted_at = $3
        FROM unnest($1::uuid[], $2::int[]) AS c (partition_id, n)
       WHERE a.partition_id = c.partition_id AND a.n = c.n\
      """;

  private final Pool pool;

  BatchAttempts(Pool pool) {
    this.pool = pool;
  }

  /// The rows for these tags; for the holder of an account. Fails with `LeaseLostException` when
  /// its lease is lost.
  public Uni<Map<BatchTag, KnownBatchAttempt>> known(Claim account, Collection<BatchTag> tags) {
    if (tags.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    Map<Key, BatchTag> byKey = new HashMap<>();
    tags.forEach(
        batchTag -> byKey.put(new Key(batchTag.partition(), batchTag.batchAttempt()), batchTag));
    var keys = List.copyOf(byKey.keySet());
    return pool.preparedQuery(KNOWN)
        .execute(
            Tuple.of(account.id(), account.token(), account.timeline())
                .addArrayOfUUID(keys.stream().map(Key::partition).toArray(UUID[]::new))
                .addArrayOfInteger(keys.stream().map(Key::n).toArray(Integer[]::new)))
        .map(rows -> {
          if (rows.rowCount() == 0) {
            throw account.lost();
          }
          Map<BatchTag, KnownBatchAttempt> known = new HashMap<>();
          rows.forEach(row -> known.put(byKey.get(Key.of(row)), KnownBatchAttempt.of(row)));
          return known;
        });
  }

  /// Files of a task's attempts at the providers.
  public Uni<List<Remains>> remains(UUID taskId) {
    return pool.preparedQuery(REMAINS).execute(Tuple.of(taskId)).map(Remains::all);
  }

  /// Attempts that were over before a time and whose files were not deleted yet, in order; none
  /// when the account's lease is lost.
  ///
  /// @param after where the page before ended
  public Uni<List<Remains>> expired(
      Claim account, String provider, Instant before, Optional<Remains> after, int limit) {
    return pool.preparedQuery(EXPIRED)
        .execute(
            Tuple.tuple()
                .addString(provider)
                .addOffsetDateTime(RowMapping.utc(before))
                .addOffsetDateTime(
                    RowMapping.utc(after.map(Remains::endedAt).orElse(Instant.EPOCH)))
                .addUUID(after.map(last -> last.key().partition()).orElse(new UUID(0, 0)))
                .addInteger(after.map(last -> last.key().n()).orElse(0))
                .addInteger(limit)
                .addUUID(account.id())
                .addUUID(account.token())
                .addString(account.timeline()))
        .map(Remains::all);
  }

  /// Their files are gone.
  public Uni<Void> cleaned(Collection<Remains> attempts, Instant now) {
    if (attempts.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Failpoint.hit("retention.before");
    return pool.preparedQuery(CLEANED)
        .execute(
            Tuple.tuple()
                .addArrayOfUUID(
                    attempts.stream().map(a -> a.key().partition()).toArray(UUID[]::new))
                .addArrayOfInteger(attempts.stream().map(a -> a.key().n()).toArray(Integer[]::new))
                .addOffsetDateTime(RowMapping.utc(now)))
        .invoke(() -> Failpoint.hit("retention.after"))
        .replaceWithVoid();
  }

  /// Updates the attempt that an event is about.
  @Override
  public Uni<Void> inTransaction(PartitionChange change) {
    var partition = change.partition();
    return switch (change.event()) {
      case PartitionEvent.UploadBegun(String tag, _) -> begin(partition, tag, change.at());
      case PartitionEvent.Recovered recovered -> recall(partition, recovered, change.at());
      case PartitionEvent event -> change(partition, partition.batchAttempt(), event, change.at());
    };
  }

  /// Whether another partition has a batch of this id at the partition's provider.
  ///
  /// @param live only of attempts that are not over
  static Uni<Boolean> isTaken(Partition partition, String batchId, boolean live) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(TAKEN, Long.class)
                .setParameter("provider", partition.provider())
                .setParameter("batch", batchId)
                .setParameter("partition", partition.id())
                .setParameter("live", live)
                .getSingleResult())
        .map(count -> count > 0);
  }

  private static Uni<Void> begin(Partition partition, String tag, Instant now) {
    return Panache.getSession()
        .chain(session -> session.persist(new BatchAttempt(partition, tag, now)));
  }

  /// The attempts before it ended without a batch, or there would be no later one.
  private static Uni<Void> recall(
      Partition partition, PartitionEvent.Recovered recovered, Instant now) {
    if (recovered.before() == recovered.batchAttempt()) {
      return change(partition, recovered.batchAttempt(), recovered, now);
    }
    return find(partition, recovered.before())
        .invoke(last -> {
          if (last != null) {
            last.giveWay(now);
          }
        })
        .chain(() -> Panache.getSession())
        .call(session -> session.flush())
        .chain(session -> session.persist(new BatchAttempt(partition, recovered.tag(), now)))
        .chain(() -> change(partition, recovered.batchAttempt(), recovered, now));
  }

  private static Uni<Void> change(Partition partition, int n, PartitionEvent event, Instant now) {
    return n == 0
        ? Uni.createFrom().voidItem()
        : find(partition, n)
            .invoke(batchAttempt -> batchAttempt.follow(partition, event, now))
            .replaceWithVoid();
  }

  private static Uni<BatchAttempt> find(Partition partition, int n) {
    return Panache.getSession()
        .chain(
            session -> session.find(BatchAttempt.class, new BatchAttempt.Key(partition.id(), n)));
  }

  /// Names an attempt.
  public record Key(UUID partition, int n) {
    static Key of(Row row) {
      return new Key(row.getUUID("partition_id"), row.getInteger("n"));
    }
  }

  /// An attempt's files at its provider.
  ///
  /// @param endedAt the epoch while it is not over
  /// @param files ids of its file and of the files with its answers
  public record Remains(String provider, Key key, Instant endedAt, List<String> files) {
    public Remains {
      files = List.copyOf(files);
    }

    private static List<Remains> all(Iterable<Row> rows) {
      return StreamSupport.stream(rows.spliterator(), false).map(Remains::of).toList();
    }

    private static Remains of(Row row) {
      return new Remains(
          row.getString("provider"),
          Key.of(row),
          Optional.ofNullable(row.getOffsetDateTime("ended_at"))
              .map(java.time.OffsetDateTime::toInstant)
              .orElse(Instant.EPOCH),
          Stream.of("remote_file_id", "answer_files")
              .flatMap(column -> Optional.ofNullable(row.getString(column)).stream())
              .flatMap(ids -> Stream.of(ids.split(" ")))
              .filter(id -> !id.isEmpty())
              .toList());
    }
  }
}
