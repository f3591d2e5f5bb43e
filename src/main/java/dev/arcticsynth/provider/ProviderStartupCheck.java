package dev.arcticsynth.provider;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/// Builds the providers when the service starts, so that a wrong setting stops the start and not
/// the first task.
@Singleton
class ProviderStartupCheck {

  void check(@Observes StartupEvent start, ProvidersConfig config, Providers providers) {
    config
        .byName()
        .forEach((name, settings) -> {
          if (providers.find(name).isEmpty()) {
            throw new IllegalStateException(
                "arctic.providers.%s.type is '%s', and no provider of that type is built in."
                    .formatted(name, settings.type()));
          }
        });
  }
}
