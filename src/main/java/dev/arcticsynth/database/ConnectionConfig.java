package dev.arcticsynth.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Time limits of connections to the database. The server's own limits are session settings, in
/// `quarkus.datasource.reactive.additional-properties`.
@ConfigMapping(prefix = "arctic.database")
interface ConnectionConfig {
  /// Limit for opening a connection.
  @WithDefault("10s")
  Duration connect();

  /// A connection on which nothing is received for so long is closed. It must exceed the pool's
  /// idle time (10 s) and the longest statement (45 s); a shorter one closes healthy connections.
  @WithDefault("60s")
  Duration silence();

  /// A replica reports itself unready when an outage lasts longer than this.
  @WithDefault("10s")
  Duration outageGrace();
}
