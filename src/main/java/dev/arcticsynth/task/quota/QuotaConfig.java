package dev.arcticsynth.task.quota;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Learning the limits of enqueued tokens.
@ConfigMapping(prefix = "arctic.quota")
public interface QuotaConfig {
  /// Time after the last refusal at which a learned limit is raised by a tenth, to notice that the
  /// account's limit was raised.
  @WithDefault("1h")
  Duration growAfter();
}
