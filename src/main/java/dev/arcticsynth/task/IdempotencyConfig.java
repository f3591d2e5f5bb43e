package dev.arcticsynth.task;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How long calls with an `Idempotency-Key` are remembered.
@ConfigMapping(prefix = "arctic.idempotency")
public interface IdempotencyConfig {
  /// An answer, after the call was done.
  @WithDefault("7d")
  Duration keep();

  /// A call that is being done and of whose doer nothing is heard any more. Renewed while its body
  /// comes in.
  @WithDefault("${arctic.lease:120s}")
  Duration lease();
}
