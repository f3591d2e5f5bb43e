package dev.arcticsynth.task.payload;

import static dev.arcticsynth.task.sql.SessionStatements.execute;
import static dev.arcticsynth.task.sql.SessionStatements.executeBulk;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// Which chunk holds which requests of a task.
@ApplicationScoped
public class RequestManifest {

  private static final String COLUMNS =
      "SELECT blob_id, n, model, endpoint, first_seq, requests, seqs, body_bytes, inputs FROM request_chunk ";
  private static final String ALL =
      COLUMNS + "WHERE task_id = $1 ORDER BY model, endpoint, first_seq";
  private static final String BETWEEN =
      COLUMNS
          + "WHERE task_id = $1 AND model = $2 AND endpoint = $3 AND last_seq >= $4 AND first_seq <= $5"
          + " ORDER BY first_seq";

  private static final String PUT_HASHES =
      "INSERT INTO request_ids (blob_id, n, hashes) VALUES ($1, $2, $3)";

  // Counting comes first: it sorts numbers, and takes a third of the time of grouping them.
  private static final String ALL_DIFFER =
      """
      SELECT count(h) = count(DISTINCT h) FROM request_ids, unnest(hashes) h WHERE blob_id = $1\
      """;

  // A million hashes fit; more of them are sorted on the server's disk.
  private static final String ROOM_TO_SORT =
      "SET LOCAL work_mem = '64MB'; SET LOCAL statement_timeout = '45s'";

  private static final String REPEATED =
      """
      SELECT h FROM request_ids, unnest(hashes) h WHERE blob_id = $1 GROUP BY h HAVING count(*) > 1 LIMIT $2\
      """;

  private static final String INSERT =
      """
      INSERT INTO request_chunk (task_id, blob_id, n, model, endpoint, first_seq, last_seq, requests, seqs, body_bytes, inputs)
      SELECT $1, $2, n, model, endpoint, first_seq, last_seq, requests, seqs, body_bytes, inputs
        FROM unnest($3::integer[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::integer[], $9::bytea[], $10::bigint[],
                    $11::bigint[]) AS r (n, model, endpoint, first_seq, last_seq, requests, seqs, body_bytes, inputs)\
      """;

  private static final String REPEATED_IN_TASK =
      """
      SELECT h FROM request_ids, unnest(hashes) h
       WHERE task_id = :task AND h IN (SELECT f FROM request_ids, unnest(hashes) f WHERE blob_id = :blob) LIMIT 100\
      """;

  private final Pool pool;

  RequestManifest(Pool pool) {
    this.pool = pool;
  }

  /// All chunks, by model and endpoint, then in input order.
  public Uni<List<RequestChunk>> all(UUID taskId) {
    return pool.preparedQuery(ALL).execute(Tuple.of(taskId)).map(RequestManifest::chunks);
  }

  /// The chunks with requests of one model and endpoint in a range, in input order.
  public Uni<List<RequestChunk>> between(
      UUID taskId, String model, String endpoint, long firstSeq, long lastSeq) {
    return pool.preparedQuery(BETWEEN)
        .execute(
            Tuple.tuple()
                .addUUID(taskId)
                .addString(model)
                .addString(endpoint)
                .addLong(firstSeq)
                .addLong(lastSeq))
        .map(RequestManifest::chunks);
  }

  /// Stores the hashes of a chunk's caller-given ids for [#repeatedHashes].
  public Uni<Void> putHashes(UUID blobId, int n, Long[] hashes) {
    return pool.preparedQuery(PUT_HASHES).execute(Tuple.of(blobId, n, hashes)).replaceWithVoid();
  }

  /// Hashes that are repeated in a blob, at most `limit`. Equal hashes are a suspicion, not a
  /// proof.
  public Uni<List<Long>> repeatedHashes(UUID blobId, int limit) {
    return pool.withTransaction(connection ->
            connection
                .query(ROOM_TO_SORT)
                .execute()
                .chain(() -> connection.preparedQuery(ALL_DIFFER).execute(Tuple.of(blobId))))
        .map(rows -> rows.iterator().next().getBoolean(0))
        .chain(allDiffer -> allDiffer ? Uni.createFrom().item(List.of()) : repeated(blobId, limit));
  }

  private Uni<List<Long>> repeated(UUID blobId, int limit) {
    return pool.withTransaction(connection ->
            connection
                .query(ROOM_TO_SORT)
                .execute()
                .chain(() -> connection.preparedQuery(REPEATED).execute(Tuple.of(blobId, limit))))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false).map(r -> r.getLong(0)).toList());
  }

  /// Adds stored requests to a task, in the transaction that has locked it.
  ///
  /// @param firstSeq where their numbering, which begins at 0, starts in the task
  public static Uni<Void> append(UUID taskId, IngestedRequests requests, long firstSeq) {
    return PayloadBlobs.publish(requests.blobId())
        .chain(() ->
            executeBulk(
                INSERT,
                requests.chunks(),
                chunks ->
                    new Object[] {
                      taskId,
                      requests.blobId(),
                      chunks.ints(RequestChunk::n),
                      chunks.texts(RequestChunk::model),
                      chunks.texts(RequestChunk::endpoint),
                      chunks.longs(chunk -> firstSeq + chunk.seqs().first()),
                      chunks.longs(chunk -> firstSeq + chunk.seqs().last()),
                      chunks.ints(chunk -> chunk.seqs().count()),
                      chunks.bytes(chunk -> chunk.seqs().gaps()),
                      chunks.longs(RequestChunk::bodyBytes),
                      chunks.longs(RequestChunk::inputs)
                    }))
        .chain(() ->
            execute(
                "UPDATE request_ids SET task_id = :task WHERE blob_id = :blob",
                Map.of("task", taskId, "blob", requests.blobId())))
        .replaceWithVoid();
  }

  /// Hashes of ids in stored requests that the task has already, some of them. In the transaction
  /// that has locked the task, so that two concurrent appends cannot add the same id.
  public static Uni<List<Long>> repeatedHashes(UUID taskId, IngestedRequests requests) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(REPEATED_IN_TASK, Long.class)
                .setParameter("task", taskId)
                .setParameter("blob", requests.blobId())
                .getResultList());
  }

  private static List<RequestChunk> chunks(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new RequestChunk(
                row.getUUID("blob_id"),
                row.getInteger("n"),
                row.getString("model"),
                row.getString("endpoint"),
                SequenceSet.read(row, "requests"),
                row.getLong("body_bytes"),
                row.getLong("inputs")))
        .toList();
  }
}
