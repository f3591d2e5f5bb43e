package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.lines.WireNaming;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent.CreateBegun;
import dev.arcticsynth.task.PartitionEvent.UploadBegun;
import dev.arcticsynth.task.quota.AdmissionRequest;
import dev.arcticsynth.task.quota.AdmissionRequest.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Lists the deployments that may answer a partition, each with its configured limit of enqueued
/// tokens: the one place that knows that several may answer for one model. The choice is made in
/// the transaction that records it.
@ApplicationScoped
class DeploymentSelector {

  private final Map<String, ProviderSettings> settings;

  DeploymentSelector(ProvidersConfig config) {
    this.settings = config.byName();
  }

  AdmissionRequest toUpload(Partition partition, Provider provider, String tag, boolean enqueues) {
    return new AdmissionRequest(
        deployments(partition, provider).stream()
            .map(model ->
                new Candidate(
                    model,
                    configuredLimit(partition, model),
                    model.equals(partition.model())
                        ? new UploadBegun(tag)
                        : new UploadBegun(tag, model)))
            .toList(),
        enqueues);
  }

  /// Those whose names still leave the file within the limit, which counts where the pool has got
  /// another deployment since the partition was cut. Where none does, the provider decides.
  private static List<String> deployments(Partition partition, Provider provider) {
    List<String> pool = provider.pool(partition.model());
    long limit = provider.limits().maxFileBytes();
    List<String> fitting =
        pool.stream()
            .filter(model -> WireNaming.of(partition, provider, model).fileBytes() <= limit)
            .toList();
    return fitting.isEmpty() ? pool : fitting;
  }

  /// Another deployment may have capacity where this one has none, and needs a file of its own.
  boolean isChoice(Partition partition, Provider provider) {
    return provider.pool(partition.model()).size() > 1;
  }

  /// Its file names the deployment.
  AdmissionRequest toCreate(Partition partition) {
    String model = partition.remoteModel();
    return new AdmissionRequest(
        List.of(new Candidate(model, configuredLimit(partition, model), new CreateBegun())), true);
  }

  /// Of enqueued input tokens, by provider and model.
  private OptionalLong configuredLimit(Partition partition, String remoteModel) {
    Map<String, Long> limits =
        Optional.ofNullable(settings.get(partition.provider()))
            .map(ProviderSettings::enqueuedTokens)
            .orElse(Map.of());
    Long limit = limits.getOrDefault(remoteModel, limits.get(ProviderSettings.ANY_MODEL));
    return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
  }
}
