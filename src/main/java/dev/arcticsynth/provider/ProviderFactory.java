package dev.arcticsynth.provider;

import java.util.List;

/// Makes the providers of one type from the configuration.
public interface ProviderFactory {
  /// Fails with a sentence that names the setting when the configuration is wrong.
  List<Provider> configured();
}
