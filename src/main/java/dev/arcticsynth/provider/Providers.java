package dev.arcticsynth.provider;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Collection;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// The configured providers by name. Built once at start from every [ProviderFactory].
@ApplicationScoped
public class Providers {

  private final SequencedMap<String, Provider> byName = new TreeMap<>();

  Providers(@Any Instance<ProviderFactory> factories) {
    for (ProviderFactory factory : factories) {
      for (Provider provider : factory.configured()) {
        Provider other = byName.put(provider.name(), provider);
        if (other != null) {
          throw new IllegalStateException(
              "Two providers are called '%s' (types %s and %s): rename one under arctic.providers."
                  .formatted(provider.name(), other.type(), provider.type()));
        }
      }
    }
  }

  public Optional<Provider> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// The provider of tasks that name none: the only one there is, else `openai`.
  public Optional<Provider> byDefault() {
    return byName.size() == 1 ? Optional.of(byName.firstEntry().getValue()) : find("openai");
  }

  /// In the order of their names.
  public Collection<Provider> all() {
    return byName.values();
  }
}
