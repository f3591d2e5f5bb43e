package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.BatchAttempts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Deletes a task's files at its providers.
@ApplicationScoped
public class RemoteCleanup {

  private static final Logger LOG = Logger.getLogger(RemoteCleanup.class);
  private static final int SIDE_BY_SIDE = 4;

  private final BatchAttempts batchAttempts;
  private final Providers providers;

  RemoteCleanup(BatchAttempts batchAttempts, Providers providers) {
    this.batchAttempts = batchAttempts;
    this.providers = providers;
  }

  /// Deletes the task's remote files. One that cannot be deleted now is left to expire there, since
  /// a task must be deletable when its provider is not reachable any more.
  public Uni<Void> delete(UUID taskId) {
    return batchAttempts
        .remains(taskId)
        .chain(left ->
            Multi.createFrom()
                .iterable(left)
                .onItem()
                .transformToMultiAndConcatenate(remains ->
                    Multi.createFrom()
                        .iterable(remains.files())
                        .map(id -> delete(remains.provider(), id)))
                .onItem()
                .transformToUni(deleted -> deleted)
                .merge(SIDE_BY_SIDE)
                .onItem()
                .ignoreAsUni());
  }

  private Uni<Void> delete(String name, String fileId) {
    return providers
        .find(name)
        .map(provider ->
            provider
                .delete(fileId)
                .onFailure()
                .invoke(failure ->
                    LOG.warnf(
                        "Remote file not deleted: provider=%s fileId=%s reason=%s",
                        name, fileId, failure.getMessage()))
                .onFailure()
                .recoverWithNull())
        .orElseGet(() -> Uni.createFrom().voidItem());
  }
}
