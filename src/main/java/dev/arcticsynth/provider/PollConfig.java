package dev.arcticsynth.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/// How often providers are asked about a batch, unless one has a pace of its own.
@ConfigMapping(prefix = "arctic.poll")
public interface PollConfig {

  @WithDefault("15s")
  Duration first();

  @WithDefault("5m")
  Duration max();

  /// With more live batches than this on an account they are asked about together, by its list,
  /// instead of one by one.
  @WithDefault("20")
  @PositiveOrZero
  int together();
}
