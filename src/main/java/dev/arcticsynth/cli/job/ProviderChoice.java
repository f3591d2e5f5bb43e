package dev.arcticsynth.cli.job;

import dev.arcticsynth.api.model.ProviderView;
import java.util.List;
import java.util.Optional;

/// Chooses among the configured providers, and warns about simulated answers.
public record ProviderChoice(List<ProviderView> providers) {
  private static final String SIMULATOR = "simulator";

  public ProviderChoice {
    providers = List.copyOf(providers);
  }

  boolean isSimulatedThoughRealExist(String provider) {
    return isSimulated(provider) && hasReal();
  }

  /// The warning about a provider with simulated answers, unless it was asked for by name.
  public Optional<String> notice(String provider, Optional<String> asked) {
    if (!isSimulated(provider) || asked.filter(provider::equals).isPresent()) {
      return Optional.empty();
    }
    String advice =
        hasReal()
            ? ""
            : " No real provider is configured: set OPENAI_API_KEY, or see the README for the others.";
    return Optional.of("The answers are SIMULATED (provider %s).%s".formatted(provider, advice));
  }

  private boolean isSimulated(String name) {
    return providers.stream()
        .anyMatch(provider -> provider.name().equals(name) && provider.type().equals(SIMULATOR));
  }

  private boolean hasReal() {
    return providers.stream().anyMatch(provider -> !provider.type().equals(SIMULATOR));
  }
}
