package dev.arcticsynth.task.payload;

import static dev.arcticsynth.task.sql.SessionStatements.executeBulk;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/// Which chunk holds which answers, and the outcomes of requests that have none.
@ApplicationScoped
public class ResultManifest {

  private static final String CHUNKS =
      """
      SELECT blob_id, n, first_seq, results, seqs FROM result_chunk
       WHERE task_id = $1 AND last_seq >= $2 AND partition_id = coalesce($3, partition_id) ORDER BY first_seq\
      """;

  private static final String OUTCOMES =
      """
      SELECT seq, state, tries, wire_bytes, code, message, custom_id, response FROM request_outcome
       WHERE task_id = $1 AND seq >= $2 AND state IN ('FAILED', 'CANCELLED')
         AND partition_id = coalesce($4, partition_id) ORDER BY seq LIMIT $3\
      """;

  private static final String HELD =
      "SELECT seq FROM request_outcome WHERE partition_id = $1 AND state = 'RETRYING' ORDER BY seq";

  private static final String BYTES_HELD =
      "SELECT coalesce(sum(wire_bytes), 0)::bigint FROM request_outcome WHERE partition_id = $1 AND state = 'RETRYING' AND seq < $2";

  private static final String INSERT_CHUNKS =
      """
      INSERT INTO result_chunk (task_id, partition_id, blob_id, n, first_seq, last_seq, results, seqs)
      SELECT $1, $2, $3, n, first_seq, last_seq, results, seqs
        FROM unnest($4::integer[], $5::bigint[], $6::bigint[], $7::integer[], $8::bytea[])
             AS r (n, first_seq, last_seq, results, seqs)\
      """;

  private static final String INSERT_OUTCOMES =
      """
      INSERT INTO request_outcome (task_id, seq, partition_id, state, tries, model, endpoint, wire_bytes, code, message, custom_id, response)
      SELECT $1, seq, $2, state, tries, $3, $4, wire_bytes, code, message, custom_id, response
        FROM unnest($5::bigint[], $6::text[], $7::integer[], $8::bigint[], $9::text[], $10::text[], $11::bytea[], $12::bytea[])
             AS r (seq, state, tries, wire_bytes, code, message, custom_id, response)\
      """;

  private final Pool pool;

  ResultManifest(Pool pool) {
    this.pool = pool;
  }

  /// Chunks of answers that hold any at or after a sequence number, by the number of their first
  /// one.
  ///
  /// @param partition only those that this one was answered
  public Uni<List<ResultChunk>> chunks(UUID taskId, long fromSeq, Optional<UUID> partition) {
    return pool.preparedQuery(CHUNKS)
        .execute(Tuple.of(taskId, fromSeq, partition.orElse(null)))
        .map(ResultManifest::chunks);
  }

  /// Final failures and cancellations from a sequence number on, in input order.
  ///
  /// @param partition only those whose last attempt was in this one
  public Uni<List<RequestOutcome>> outcomes(
      UUID taskId, long fromSeq, int limit, Optional<UUID> partition) {
    return pool.preparedQuery(OUTCOMES)
        .execute(Tuple.of(taskId, fromSeq, limit, partition.orElse(null)))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false).map(ResultManifest::outcome).toList());
  }

  /// The requests of a repair partition, in input order.
  public Uni<long[]> heldBy(UUID partitionId) {
    return pool.preparedQuery(HELD)
        .execute(Tuple.of(partitionId))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false).mapToLong(r -> r.getLong(0)).toArray());
  }

  /// The size on the wire of a repair partition's requests below a sequence number.
  public Uni<Long> bytesHeldBelow(UUID partitionId, long seq) {
    return pool.preparedQuery(BYTES_HELD)
        .execute(Tuple.of(partitionId, seq))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /// Records the outcome of a partition's download, in the transaction that concludes the partition
  /// and after its row is written.
  public static Uni<Void> publish(
      UUID taskId, UUID partitionId, String model, String endpoint, Publication publication) {
    // A blob without a chunk belongs to no task: it stays open and is collected.
    return (publication.answers().isEmpty()
            ? Uni.createFrom().voidItem()
            : PayloadBlobs.publish(publication.blobId()))
        .chain(() ->
            executeBulk(
                INSERT_CHUNKS,
                publication.answers(),
                chunks ->
                    new Object[] {
                      taskId,
                      partitionId,
                      publication.blobId(),
                      chunks.ints(ResultChunk::n),
                      chunks.longs(chunk -> chunk.seqs().first()),
                      chunks.longs(chunk -> chunk.seqs().last()),
                      chunks.ints(chunk -> chunk.seqs().count()),
                      chunks.bytes(chunk -> chunk.seqs().gaps())
                    }))
        .chain(() ->
            executeBulk(
                INSERT_OUTCOMES,
                publication.unanswered(),
                outcomes ->
                    new Object[] {
                      taskId,
                      partitionId,
                      model,
                      endpoint,
                      outcomes.longs(RequestOutcome::seq),
                      outcomes.texts(requestOutcome -> requestOutcome.state().name()),
                      outcomes.ints(RequestOutcome::requestAttempts),
                      outcomes.longs(RequestOutcome::wireBytes),
                      outcomes.texts(RequestOutcome::code),
                      outcomes.texts(RequestOutcome::message),
                      outcomes.bytes(RequestOutcome::customId),
                      outcomes.bytes(RequestOutcome::response)
                    }));
  }

  private static List<ResultChunk> chunks(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row ->
            new ResultChunk(
                row.getUUID("blob_id"), row.getInteger("n"), SequenceSet.read(row, "results")))
        .toList();
  }

  private static RequestOutcome outcome(Row row) {
    Buffer response = row.getBuffer("response");
    return new RequestOutcome(
        row.getLong("seq"),
        RequestOutcome.State.valueOf(row.getString("state")),
        row.getInteger("tries"),
        row.getLong("wire_bytes"),
        row.getString("code"),
        row.getString("message"),
        row.getBuffer("custom_id").getBytes(),
        response == null ? null : response.getBytes());
  }
}
