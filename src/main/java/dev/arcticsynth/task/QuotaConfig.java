package dev.arcticsynth.task;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How the limits of accounts are found out.
@ConfigMapping(prefix = "arctic.quota")
public interface QuotaConfig {
  /// How long after the last refusal a learned limit is raised by a tenth, to find out whether the
  /// account was given more.
  @WithDefault("1h")
  Duration growAfter();
}
