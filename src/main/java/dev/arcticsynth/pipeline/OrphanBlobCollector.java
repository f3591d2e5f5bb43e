package dev.arcticsynth.pipeline;

import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.task.idempotency.IdempotencyStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Removes what interrupted uploads and downloads left in the store, and answers of calls that
/// nobody will repeat any more. Any number of replicas may sweep.
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

  /// An upload that takes longer than `arctic.blob.grace` loses its chunks and is told so at its
  /// end.
  public Uni<Void> collect() {
    return blobs
        .deleteOrphans(clock.instant().minus(grace))
        .invoke(deleted -> {
          if (deleted > 0) {
            LOG.infof("Swept blobs that nobody refers to: count=%d", deleted);
          }
        })
        .chain(calls::deleteExpired)
        .onFailure()
        .invoke(failure ->
            LOG.warnf("Sweep failed, the next one tries again: %s", failure.getMessage()))
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }
}
