package dev.arcticsynth.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;

/// Intervals at which the status of batches is read, for providers without intervals of their own.
@ConfigMapping(prefix = "arctic.poll")
public interface PollConfig {

  /// First interval after a batch was created. Intervals grow while the status does not change.
  @WithDefault("15s")
  Duration first();

  /// Longest interval.
  @WithDefault("5m")
  Duration max();

  /// With more live batches than this on an account, their status is read from the account's list
  /// of batches instead of one by one.
  @WithDefault("20")
  @PositiveOrZero
  int together();
}
