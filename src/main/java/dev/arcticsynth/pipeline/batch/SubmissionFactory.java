package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.lines.WireNaming;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes submissions: names and tags batch attempts.
@ApplicationScoped
public class SubmissionFactory {

  private final PartitionRepository partitions;
  private volatile @Nullable String deployment;

  SubmissionFactory(PartitionRepository partitions) {
    this.partitions = partitions;
  }

  /// The tag of the batch attempt that is about to begin.
  Uni<String> nextTag(Partition partition) {
    return deployment()
        .map(id -> new BatchTag(id, partition.id(), partition.batchAttempt() + 1).toString());
  }

  /// The tag of the current batch attempt.
  Uni<String> currentTag(Partition partition) {
    return deployment()
        .map(id -> new BatchTag(id, partition.id(), partition.batchAttempt()).toString());
  }

  /// The submission of the current batch attempt.
  public Uni<Submission> current(Task task, Partition partition, Provider provider) {
    return deployment().map(id -> submission(id, task, partition, provider));
  }

  /// What our tags begin with. Kept once known. Not memoized as a stream: a second subscriber would
  /// continue in the context of the first, and share its database session.
  public Uni<String> deployment() {
    String known = deployment;
    return known == null
        ? partitions.deployment().invoke(id -> deployment = id)
        : Uni.createFrom().item(known);
  }

  private static Submission submission(
      String deployment, Task task, Partition partition, Provider provider) {
    int batchAttempt = partition.batchAttempt();
    return new Submission(
        new BatchTag(deployment, partition.id(), batchAttempt).toString(),
        partition.endpoint(),
        partition.remoteModel(),
        partition.requests(),
        WireNaming.of(partition, provider).fileBytes(),
        Map.of(
            "arctic_deployment", deployment,
            "arctic_task", task.name(),
            "arctic_partition", partition.id().toString(),
            "arctic_attempt", String.valueOf(batchAttempt)));
  }
}
