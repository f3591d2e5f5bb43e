package dev.arcticsynth.blob;

import dev.arcticsynth.failpoint.Failpoint;
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
      WITH ids AS (DELETE FROM request_ids WHERE blob_id = ANY ($1)),
           chunks AS (DELETE FROM blob_chunk WHERE blob_id = ANY ($1))
      DELETE FROM blob WHERE id = ANY ($1)\
      """;

  // Locked first: who publishes one of them at this moment waits, and then finds it gone.
  private static final String SWEEP =
      """
      WITH old AS MATERIALIZED (SELECT id FROM blob WHERE state = 'OPEN' AND created_at < $1
                                 ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED),
           ids AS (DELETE FROM request_ids WHERE blob_id IN (SELECT id FROM old)),
           chunks AS (DELETE FROM blob_chunk WHERE blob_id IN (SELECT id FROM old))
      DELETE FROM blob WHERE id IN (SELECT id FROM old)\
      """;

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
  public Uni<Integer> sweep(Instant begunBefore) {
    Failpoint.hit("blob.sweep.before");
    return pool.preparedQuery(SWEEP)
        .execute(Tuple.of(begunBefore.atOffset(ZoneOffset.UTC)))
        .invoke(() -> Failpoint.hit("blob.sweep.after"))
        .map(RowSet::rowCount);
  }

  @Override
  public Uni<Void> delete(Collection<UUID> blobIds) {
    Failpoint.hit("blob.delete.before");
    return pool.preparedQuery(DELETE)
        .execute(Tuple.of(blobIds.toArray(UUID[]::new)))
        .invoke(() -> Failpoint.hit("blob.delete.after"))
        .replaceWithVoid();
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
