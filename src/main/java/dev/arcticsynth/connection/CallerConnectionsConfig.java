package dev.arcticsynth.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.time.Duration;

/// Limits of callers' connections. At a limit the connection that has waited longest for its caller
/// makes way for a new one, else the one whose body drips; where there is none, the new one is
/// answered 503 `busy`.
@ConfigMapping(prefix = "arctic.connections")
public interface CallerConnectionsConfig {
  /// Most connections at once.
  @WithDefault("1024")
  @Positive
  int max();

  /// Most connections from one address (from one /64 network of IPv6). Behind a proxy all callers
  /// have its address: set it to [#max].
  @WithDefault("512")
  @Positive
  int perAddress();

  /// Limit for the head of a request as a whole, and for a new connection to begin one; then 408.
  @WithDefault("10s")
  Duration head();

  /// How long a connection is kept between two requests. It should exceed that of a proxy in front.
  @WithDefault("75s")
  Duration idle();
}
