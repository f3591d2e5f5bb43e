package dev.arcticsynth.probes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Optional;

/// A port for `/q/health` and `/q/metrics` alone, which callers cannot fill with connections. It is
/// not for the public.
@ConfigMapping(prefix = "arctic.probes")
public interface ProbesConfig {
  /// The port. Absent: none; the paths are on the service's port in any case.
  Optional<@PositiveOrZero Integer> port();

  /// The address to listen on.
  @WithDefault("${quarkus.http.host:127.0.0.1}")
  String host();
}
