package dev.arcticsynth.task.audit;

import dev.arcticsynth.task.BatchTag;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Our records of files at a provider: the task that they belong to, and whether they are needed.
@ApplicationScoped
public class FileRecords {

  // The first row says whether the account may be judged by our rows. An attempt that is not over
  // needs every file of its tag: which one it uses may not be on record yet.
  private static final String OF =
      """
      SELECT k.file, k.task, k.needed FROM provider_account own
        LEFT JOIN LATERAL
          (SELECT found.file, t.name AS task, a.state IN ('INTENT', 'CREATING', 'CREATED') AS needed
             FROM (SELECT f.file, s.partition_id, s.n
                     FROM unnest($2::text[]) AS f (file)
                     JOIN attempt s ON s.remote_file_id = f.file AND s.provider = $1
                   UNION ALL
                   SELECT f.file, s.partition_id, s.n
                     FROM unnest($2::text[]) AS f (file)
                     JOIN attempt s ON string_to_array(s.answer_files, ' ') @> ARRAY[f.file]
                      AND s.answer_files IS NOT NULL AND s.provider = $1
                   UNION ALL
                   SELECT w.file, w.partition_id, w.n
                     FROM unnest($3::text[], $4::uuid[], $5::int[]) AS w (file, partition_id, n)) AS found
             JOIN attempt a ON a.partition_id = found.partition_id AND a.n = found.n
             JOIN partition p ON p.id = a.partition_id
             JOIN task t ON t.id = p.task_id) AS k ON true
       WHERE own.provider = $1 AND own.timeline = wal_timeline()\
      """;

  private final Pool pool;

  FileRecords(Pool pool) {
    this.pool = pool;
  }

  /// @param task whose requests or answers it holds
  /// @param isNeeded the attempt that it belongs to is not over
  public record FileRecord(String task, boolean isNeeded) {
    private FileRecord and(FileRecord other) {
      return new FileRecord(task, isNeeded || other.isNeeded);
    }
  }

  /// Those of the files that are on record, by id. Fails with [AccountClosedException] while some
  /// may have been lost in a fail-over.
  ///
  /// @param tags of those among them that have one of ours, by id
  public Uni<Map<String, FileRecord>> of(
      String provider, List<String> files, Map<String, BatchTag> tags) {
    var tagged = List.copyOf(tags.entrySet());
    return pool.preparedQuery(OF)
        .execute(
            Tuple.tuple()
                .addString(provider)
                .addArrayOfString(files.toArray(String[]::new))
                .addArrayOfString(tagged.stream().map(Map.Entry::getKey).toArray(String[]::new))
                .addArrayOfUUID(
                    tagged.stream().map(tag -> tag.getValue().partition()).toArray(UUID[]::new))
                .addArrayOfInteger(
                    tagged.stream()
                        .map(tag -> tag.getValue().batchAttempt())
                        .toArray(Integer[]::new)))
        .map(rows -> {
          if (rows.rowCount() == 0) {
            throw new AccountClosedException(provider);
          }
          Map<String, FileRecord> known = new HashMap<>();
          rows.forEach(row -> add(known, row));
          return known;
        });
  }

  private static void add(Map<String, FileRecord> known, Row row) {
    Optional.ofNullable(row.getString("file"))
        .ifPresent(file -> {
          var _ =
              known.merge(
                  file,
                  new FileRecord(row.getString("task"), row.getBoolean("needed")),
                  FileRecord::and);
        });
  }

  /// A provider's account was not scanned yet since the service, or another database server, has
  /// started: our rows may be incomplete.
  public static final class AccountClosedException extends RuntimeException {
    AccountClosedException(String provider) {
      super(
          "What is at provider '%s' is still being compared with what is on record; nothing was changed. Try again in some minutes."
              .formatted(provider));
    }
  }
}
