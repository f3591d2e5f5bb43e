package dev.arcticsynth.pipeline;

import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.PartitionRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Removes what a task left with its providers.
@ApplicationScoped
public class RemoteRemains {

  private static final Logger LOG = Logger.getLogger(RemoteRemains.class);
  private static final int SIDE_BY_SIDE = 4;

  private final PartitionRepository partitions;
  private final Providers providers;

  RemoteRemains(PartitionRepository partitions, Providers providers) {
    this.partitions = partitions;
    this.providers = providers;
  }

  /// Deletes the task's remote files. One that cannot be deleted now is left to expire there, since
  /// a task must be deletable when its provider is not reachable any more.
  public Uni<Void> delete(UUID taskId) {
    return partitions
        .remains(taskId)
        .chain(files ->
            Multi.createFrom()
                .iterable(files)
                .onItem()
                .transformToUni(this::delete)
                .merge(SIDE_BY_SIDE)
                .onItem()
                .ignoreAsUni());
  }

  private Uni<Void> delete(PartitionRepository.Remains file) {
    return providers
        .find(file.provider())
        .map(provider ->
            provider
                .delete(file.fileId())
                .onFailure()
                .invoke(failure ->
                    LOG.warnf(
                        "Remote file left behind: provider=%s fileId=%s reason=%s",
                        file.provider(), file.fileId(), failure.getMessage()))
                .onFailure()
                .recoverWithNull())
        .orElseGet(() -> Uni.createFrom().voidItem());
  }
}
