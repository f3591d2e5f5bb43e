package dev.arcticsynth.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/// The providers of this deployment by name: `arctic.providers.<name>.…`.
///
/// A type with settings of its own maps the same prefix a second time; what any mapping knows is
/// accepted.
@ConfigMapping(prefix = "arctic.providers")
public interface ProvidersConfig {

  @WithParentName
  Map<String, ProviderSettings> byName();
}
