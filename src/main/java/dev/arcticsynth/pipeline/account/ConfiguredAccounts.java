package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.quota.AccountSettings;
import jakarta.enterprise.context.ApplicationScoped;

/// The settings of the providers of this process.
@ApplicationScoped
class ConfiguredAccounts implements AccountSettings {

  private final Providers providers;

  ConfiguredAccounts(Providers providers) {
    this.providers = providers;
  }

  @Override
  public String fingerprint(String provider) {
    return providers.find(provider).map(Provider::fingerprint).orElse("");
  }
}
