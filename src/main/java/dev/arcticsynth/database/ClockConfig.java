package dev.arcticsynth.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Synchronisation of this process with the database's clock.
@ConfigMapping(prefix = "arctic.clock")
public interface ClockConfig {
  /// Interval at which the database's time is read.
  @WithDefault("10s")
  Duration sync();

  /// A reading that took longer is discarded, since its error may be as large as its delay.
  @WithDefault("2s")
  Duration maxRoundTrip();

  /// A larger difference between the machine's own clock and the database's is logged as a warning.
  @WithDefault("30s")
  Duration maxOffset();
}
