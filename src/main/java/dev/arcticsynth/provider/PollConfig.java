package dev.arcticsynth.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How often providers are asked about a batch, unless one has a pace of its own.
@ConfigMapping(prefix = "arctic.poll")
public interface PollConfig {

  @WithDefault("15s")
  Duration first();

  @WithDefault("5m")
  Duration max();
}
