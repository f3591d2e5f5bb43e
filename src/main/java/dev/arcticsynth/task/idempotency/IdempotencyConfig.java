package dev.arcticsynth.task.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Calls with an `Idempotency-Key`.
@ConfigMapping(prefix = "arctic.idempotency")
public interface IdempotencyConfig {
  /// How long the response to a completed call is kept.
  @WithDefault("7d")
  Duration keep();

  /// How long a call counts as in progress after its process was last heard of. Renewed while its
  /// body is received.
  @WithDefault("${arctic.lease:120s}")
  Duration lease();
}
