package dev.arcticsynth.pipeline;

import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.task.idempotency.IdempotencyStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Deletes orphan blobs of interrupted uploads and downloads, and expired idempotency records. Any
/// number of replicas may run it.
@ApplicationScoped
public class OrphanBlobCollector {

  private static final Logger LOG = Logger.getLogger(OrphanBlobCollector.class);

  private final BlobStore blobs;
  private final IdempotencyStore calls;
  private final InstantSource clock;
  private final Duration grace;

  OrphanBlobCollector(
      BlobStore blobs,
      IdempotencyStore calls,
      InstantSource clock,
      @ConfigProperty(name = "arctic.blob.grace", defaultValue = "24h") Duration grace) {
    this.blobs = blobs;
    this.calls = calls;
    this.clock = clock;
    this.grace = grace;
  }

  /// An upload that takes longer than `arctic.blob.grace` loses its chunks and fails at its end.
  public Uni<Void> collect() {
    return blobs
        .deleteOrphans(clock.instant().minus(grace))
        .invoke(deleted -> {
          if (deleted > 0) {
            LOG.infof("Orphan blobs collected: count=%d", deleted);
          }
        })
        .chain(calls::deleteExpired)
        .onFailure()
        .invoke(failure ->
            LOG.warnf(
                "Collecting orphan blobs failed, retried at the next run: reason=%s",
                failure.getMessage()))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }
}
