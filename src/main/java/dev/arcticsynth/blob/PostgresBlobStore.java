package dev.arcticsynth.blob;

import dev.arcticsynth.failpoint.Failpoint;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

/// Chunks as rows of `blob_chunk`, beside the state that refers to them.
@ApplicationScoped
class PostgresBlobStore implements BlobStore {

  private static final String BEGIN =
      "INSERT INTO blob (id, state, created_at) VALUES ($1, 'OPEN', $2)";
  private static final String PUT =
      "INSERT INTO blob_chunk (blob_id, n, raw_bytes, sha256, body) VALUES ($1, $2, $3, $4, $5)";
  private static final String GET =
      "SELECT raw_bytes, sha256, body FROM blob_chunk WHERE blob_id = $1 AND n = $2";
  private static final String DELETE =
      """
      WITH ids AS (DELETE FROM request_ids WHERE blob_id = $1),
           chunks AS (DELETE FROM blob_chunk WHERE blob_id = $1)
      DELETE FROM blob WHERE id = $1\
      """;

  private static final String DISCARD =
      """
      WITH open AS MATERIALIZED (SELECT id FROM blob WHERE id = $1 AND state = 'OPEN' FOR UPDATE),
           ids AS (DELETE FROM request_ids WHERE blob_id IN (SELECT id FROM open)),
           chunks AS (DELETE FROM blob_chunk WHERE blob_id IN (SELECT id FROM open))
      DELETE FROM blob WHERE id IN (SELECT id FROM open)\
      """;

  // Locked first: a concurrent publication of one of them waits, and then finds it gone.
  private static final String DELETE_ORPHANS =
      """
      WITH old AS MATERIALIZED (SELECT id FROM blob WHERE state = 'OPEN' AND created_at < $1
                                 ORDER BY created_at LIMIT 4 FOR UPDATE SKIP LOCKED),
           ids AS (DELETE FROM request_ids WHERE blob_id IN (SELECT id FROM old)),
           chunks AS (DELETE FROM blob_chunk WHERE blob_id IN (SELECT id FROM old))
      DELETE FROM blob WHERE id IN (SELECT id FROM old)\
      """;

  // Chunks that were on their way while their blob was discarded.
  private static final String STRAYS =
      """
      WITH ids AS (DELETE FROM request_ids r WHERE NOT EXISTS (SELECT FROM blob b WHERE b.id = r.blob_id))
      DELETE FROM blob_chunk c WHERE NOT EXISTS (SELECT FROM blob b WHERE b.id = c.blob_id)\
      """;

  // Blobs of some gigabytes; the pool's limit is for statements that touch a few rows.
  private static final String LONG = "SET LOCAL statement_timeout = '45s'";

  private final Pool pool;
  private final Vertx vertx;
  private final InstantSource clock;

  PostgresBlobStore(Pool pool, Vertx vertx, InstantSource clock) {
    this.pool = pool;
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public Uni<UUID> begin() {
    var id = UUID.randomUUID();
    Failpoint.hit("blob.begin.before");
    return pool.preparedQuery(BEGIN)
        .execute(Tuple.of(id, clock.instant().atOffset(ZoneOffset.UTC)))
        .invoke(() -> Failpoint.hit("blob.begin.after"))
        .replaceWith(id);
  }

  @Override
  public Uni<Void> put(BlobKey key, byte[] raw) {
    return vertx
        .executeBlocking(() -> Packed.pack(raw), false)
        .invoke(() -> Failpoint.hit("blob.chunk.before"))
        .chain(packed -> pool.preparedQuery(PUT).execute(rowOf(key, packed)))
        .invoke(() -> Failpoint.hit("blob.chunk.after"))
        .replaceWithVoid();
  }

  @Override
  public Uni<byte[]> get(BlobKey key) {
    return pool.preparedQuery(GET)
        .execute(Tuple.of(key.blobId(), key.n()))
        .map(rows -> packedFrom(key, rows))
        .chain(packed -> vertx.executeBlocking(() -> packed.unpack(key), false));
  }

  @Override
  public Uni<Integer> deleteOrphans(Instant begunBefore) {
    Failpoint.hit("blob.collect.before");
    var before = Tuple.of(begunBefore.atOffset(ZoneOffset.UTC));
    return Multi.createBy()
        .repeating()
        .uni(() -> atLength(DELETE_ORPHANS, before))
        .whilst(swept -> swept > 0)
        .collect()
        .with(Collectors.summingInt(Integer::intValue))
        .call(() -> atLength(STRAYS, Tuple.tuple()))
        .invoke(() -> Failpoint.hit("blob.collect.after"));
  }

  @Override
  public Uni<Void> discard(UUID blobId) {
    return atLength(DISCARD, Tuple.of(blobId)).replaceWithVoid();
  }

  @Override
  public Uni<Void> delete(Collection<UUID> blobIds) {
    Failpoint.hit("blob.delete.before");
    return Multi.createFrom()
        .iterable(blobIds)
        .onItem()
        .transformToUniAndConcatenate(id -> atLength(DELETE, Tuple.of(id)))
        .onItem()
        .ignoreAsUni()
        .invoke(() -> Failpoint.hit("blob.delete.after"));
  }

  private Uni<Integer> atLength(String sql, Tuple parameters) {
    return pool.withTransaction(connection ->
            connection
                .query(LONG)
                .execute()
                .chain(() -> connection.preparedQuery(sql).execute(parameters)))
        .map(RowSet::rowCount);
  }

  private static Tuple rowOf(BlobKey key, Packed packed) {
    return Tuple.tuple()
        .addUUID(key.blobId())
        .addInteger(key.n())
        .addInteger(packed.rawBytes())
        .addBuffer(Buffer.buffer(packed.sha256()))
        .addBuffer(Buffer.buffer(packed.body()));
  }

  private static Packed packedFrom(BlobKey key, RowSet<Row> rows) {
    var found = rows.iterator();
    if (!found.hasNext()) {
      throw new DamagedBlobException(key, "it is missing");
    }
    Row row = found.next();
    return new Packed(
        row.getInteger("raw_bytes"),
        row.getBuffer("sha256").getBytes(),
        row.getBuffer("body").getBytes());
  }
}
