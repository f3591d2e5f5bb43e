package dev.arcticsynth.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.arcticsynth.failpoint.Failpoint;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Set-wise statements that belong into the transaction of whoever calls.
final class Writes {

  private static final int ROWS_A_STATEMENT = 1_000;

  private static final String REQUEST_CHUNKS =
      """
      INSERT INTO request_chunk (task_id, blob_id, n, model, endpoint, first_seq, last_seq, requests, seqs, body_bytes, inputs)
      SELECT :task, :blob, n, model, endpoint, first_seq, last_seq, requests, decode(seqs, 'base64'), body_bytes, inputs
        FROM jsonb_to_recordset(CAST(CAST(:rows AS text) AS jsonb)) AS r (n integer, model text, endpoint text, first_seq bigint,
             last_seq bigint, requests integer, seqs text, body_bytes bigint, inputs bigint)\
      """;

  private static final String RESULT_CHUNKS =
      """
      INSERT INTO result_chunk (task_id, partition_id, blob_id, n, first_seq, last_seq, results, seqs)
      SELECT :task, :partition, :blob, n, first_seq, last_seq, results, decode(seqs, 'base64')
        FROM jsonb_to_recordset(CAST(CAST(:rows AS text) AS jsonb)) AS r (n integer, first_seq bigint, last_seq bigint,
             results integer, seqs text)\
      """;

  private static final String OUTCOMES =
      """
      INSERT INTO request_outcome (task_id, seq, partition_id, state, tries, model, endpoint, wire_bytes, code, message, custom_id, response)
      SELECT :task, seq, :partition, state, tries, :model, :endpoint, wire_bytes,
             convert_from(decode(code, 'base64'), 'UTF8'), convert_from(decode(message, 'base64'), 'UTF8'),
             decode(custom_id, 'base64'), decode(response, 'base64')
        FROM jsonb_to_recordset(CAST(CAST(:rows AS text) AS jsonb)) AS r (seq bigint, state text, tries integer, wire_bytes bigint,
             code text, message text, custom_id text, response text)\
      """;

  private static final String LONG =
      "SELECT set_config('statement_timeout', '45s', true), set_config('lock_timeout', '40s', true)";

  private Writes() {}

  /// Makes a blob that was begun count; fails where it was swept meanwhile.
  static Uni<Void> publishBlob(UUID blobId) {
    Failpoint.hit("blob.publish.before");
    return execute(
            "UPDATE blob SET state = 'LIVE' WHERE id = :blob AND state = 'OPEN'",
            Map.of("blob", blobId))
        .invoke(() -> Failpoint.hit("blob.publish.after"))
        .invoke(changed -> {
          if (changed != 1) {
            throw new IllegalStateException(
                "Blob %s is not open any more: it took longer than arctic.blob.grace; send it again."
                    .formatted(blobId));
          }
        })
        .replaceWithVoid();
  }

  /// Makes blobs whose last reference goes count no more.
  static Uni<Void> retireBlobs(List<UUID> blobIds) {
    return blobIds.isEmpty()
        ? Uni.createFrom().voidItem()
        : execute("UPDATE blob SET state = 'OPEN' WHERE id IN (:blobs)", Map.of("blobs", blobIds))
            .replaceWithVoid();
  }

  /// @param firstSeq where the pieces' numbering, which begins at 0, starts in the task
  static Uni<Void> requestChunks(
      UUID taskId, UUID blobId, List<RequestPiece> pieces, long firstSeq) {
    return inStatements(
        pieces,
        rows -> {
          ArrayNode array = Json.array();
          for (RequestPiece piece : rows) {
            array
                .addObject()
                .put("n", piece.n())
                .put("model", piece.model())
                .put("endpoint", piece.endpoint())
                .put("first_seq", firstSeq + piece.seqs().first())
                .put("last_seq", firstSeq + piece.seqs().last())
                .put("requests", piece.seqs().count())
                .put("seqs", Json.base64(piece.seqs().gaps()))
                .put("body_bytes", piece.bodyBytes())
                .put("inputs", piece.inputs());
          }
          return execute(
              REQUEST_CHUNKS, Map.of("task", taskId, "blob", blobId, "rows", Json.write(array)));
        });
  }

  static Uni<Void> resultChunks(Partition partition, UUID blobId, List<ResultPiece> pieces) {
    return inStatements(
        pieces,
        rows -> {
          ArrayNode array = Json.array();
          for (ResultPiece piece : rows) {
            array
                .addObject()
                .put("n", piece.n())
                .put("first_seq", piece.seqs().first())
                .put("last_seq", piece.seqs().last())
                .put("results", piece.seqs().count())
                .put("seqs", Json.base64(piece.seqs().gaps()));
          }
          return execute(
              RESULT_CHUNKS,
              Map.of(
                  "task", partition.taskId(),
                  "partition", partition.id(),
                  "blob", blobId,
                  "rows", Json.write(array)));
        });
  }

  static Uni<Void> outcomes(Partition partition, List<Outcome> outcomes) {
    return inStatements(
        outcomes,
        rows -> {
          ArrayNode array = Json.array();
          for (Outcome row : rows) {
            array
                .addObject()
                .put("seq", row.seq())
                .put("state", row.state().name())
                .put("tries", row.tries())
                .put("wire_bytes", row.wireBytes())
                .put("code", Json.base64(text(row.code())))
                .put("message", Json.base64(text(row.message())))
                .put("custom_id", Json.base64(row.customId()))
                .put("response", Json.base64(row.response()));
          }
          return execute(
              OUTCOMES,
              Map.of(
                  "task", partition.taskId(),
                  "partition", partition.id(),
                  "model", partition.model(),
                  "endpoint", partition.endpoint(),
                  "rows", Json.write(array)));
        });
  }

  /// This transaction has statements over millions of rows, or waits for one that has. The pool's
  /// limits are for the others; this one is bounded by `arctic.database.silence`.
  static Uni<Void> mayTakeLong() {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(LONG, Object[].class).getSingleResult())
        .replaceWithVoid();
  }

  /// Runs one native statement in the current session; the number of rows it changed.
  static Uni<Integer> execute(String sql, Map<String, ?> parameters) {
    return Panache.getSession()
        .chain(session -> {
          var query = session.createNativeQuery(sql);
          parameters.forEach(query::setParameter);
          return query.executeUpdate();
        });
  }

  private static byte[] text(String text) {
    // No NUL: PostgreSQL's text cannot hold one, and a provider's message may.
    return text.replace("\0", "").getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static <T> Uni<Void> inStatements(
      List<T> rows, java.util.function.Function<List<T>, Uni<Integer>> statement) {
    var slices = new ArrayList<List<T>>();
    for (int at = 0; at < rows.size(); at += ROWS_A_STATEMENT) {
      slices.add(rows.subList(at, Math.min(rows.size(), at + ROWS_A_STATEMENT)));
    }
    return Multi.createFrom()
        .iterable(slices)
        .onItem()
        .transformToUniAndConcatenate(statement::apply)
        .onItem()
        .ignoreAsUni();
  }
}
