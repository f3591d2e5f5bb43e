package dev.arcticsynth.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How this process keeps the database's time.
@ConfigMapping(prefix = "arctic.clock")
public interface ClockConfig {
  /// How often the database is asked for its time.
  @WithDefault("10s")
  Duration sync();

  /// An answer that took longer is not believed: it may be as wrong as it was slow.
  @WithDefault("2s")
  Duration maxRoundTrip();

  /// A machine's own clock that differs by more is complained of.
  @WithDefault("30s")
  Duration maxOffset();
}
