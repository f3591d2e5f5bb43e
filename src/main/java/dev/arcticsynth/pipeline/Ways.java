package dev.arcticsynth.pipeline;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent.CreateBegun;
import dev.arcticsynth.task.PartitionEvent.UploadBegun;
import dev.arcticsynth.task.Start;
import dev.arcticsynth.task.Start.Way;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// In which ways a partition can begin: the one place that knows that several deployments may
/// answer for one model. Which of them is chosen where it is recorded.
@ApplicationScoped
class Ways {

  private final Ceilings ceilings;

  Ways(Ceilings ceilings) {
    this.ceilings = ceilings;
  }

  Start toUpload(Partition partition, Provider provider, String tag, boolean enqueues) {
    return new Start(
        deployments(partition, provider).stream()
            .map(model ->
                new Way(
                    model,
                    ceilings.of(partition, model),
                    model.equals(partition.model())
                        ? new UploadBegun(tag)
                        : new UploadBegun(tag, model)))
            .toList(),
        enqueues);
  }

  /// Those whose names still leave the file within the limit, which counts where the pool has got
  /// another deployment since the partition was cut. Where none does, the provider has the word.
  private static List<String> deployments(Partition partition, Provider provider) {
    List<String> pool = provider.pool(partition.model());
    long limit = provider.limits().maxFileBytes();
    List<String> fitting =
        pool.stream()
            .filter(model -> LineNames.of(partition, provider, model).fileBytes() <= limit)
            .toList();
    return fitting.isEmpty() ? pool : fitting;
  }

  /// Its file names who is to answer.
  Start toCreate(Partition partition) {
    String model = partition.remoteModel();
    return new Start(
        List.of(new Way(model, ceilings.of(partition, model), new CreateBegun())), true);
  }
}
