package dev.arcticsynth.pipeline;

import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.task.Partition;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The limits of enqueued input tokens that are configured, by provider and model.
@ApplicationScoped
class Ceilings {

  private final Map<String, ProviderSettings> providers;

  Ceilings(ProvidersConfig config) {
    this.providers = config.byName();
  }

  OptionalLong of(Partition partition, String remoteModel) {
    Map<String, Long> limits =
        Optional.ofNullable(providers.get(partition.provider()))
            .map(ProviderSettings::enqueuedTokens)
            .orElse(Map.of());
    Long limit = limits.getOrDefault(remoteModel, limits.get(ProviderSettings.ANY_MODEL));
    return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
  }
}
