package dev.arcticsynth.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How long the database may leave us waiting. What the server itself gives up, it does by the
/// session settings in `quarkus.datasource.reactive.additional-properties`.
@ConfigMapping(prefix = "arctic.database")
interface ConnectionConfig {
  /// For a connection to be made.
  @WithDefault("10s")
  Duration connect();

  /// On a connection on which nothing comes back. Longer than a connection may idle in the pool (10
  /// s) and a statement that may take long then runs (45 s), or it breaks what is well.
  @WithDefault("60s")
  Duration silence();

  /// An outage that lasts longer makes this replica unready.
  @WithDefault("60s")
  Duration outageGrace();
}
