package dev.arcticsynth.task;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Retries of requests that got no good answer.
@ConfigMapping(prefix = "arctic.retry")
public interface RetryConfig {
  /// Pause before a retry when no other partition of the task is running.
  @WithDefault("30s")
  Duration after();

  /// Pause before a retry while other partitions of the task are running, so that their failed
  /// requests share one batch.
  @WithDefault("10m")
  Duration linger();

  /// With less time than this before the task's deadline nothing is retried, since a batch would
  /// hardly be answered in time and is billed all the same.
  @WithDefault("10m")
  Duration minWindow();
}
