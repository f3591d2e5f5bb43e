package dev.arcticsynth.task;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// When requests that got no answer are asked again.
@ConfigMapping(prefix = "arctic.retry")
public interface RetryConfig {
  /// The pause when nothing else of the task is under way.
  @WithDefault("30s")
  Duration after();

  /// How long they wait for company while other partitions are under way: one batch of many is
  /// better than many batches.
  @WithDefault("10m")
  Duration linger();

  /// With less than this left before a task's deadline nothing is asked again: a batch would hardly
  /// be answered in time, and is paid for all the same.
  @WithDefault("10m")
  Duration minWindow();
}
