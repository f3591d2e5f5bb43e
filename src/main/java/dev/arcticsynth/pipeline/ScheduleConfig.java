package dev.arcticsynth.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Intervals of the periodic jobs.
@ConfigMapping(prefix = "arctic.beat")
interface ScheduleConfig {
  /// Whether the periodic jobs run. Off in tests, which call them.
  @WithDefault("${quarkus.scheduler.enabled:true}")
  boolean enabled();

  /// Interval at which due rows are claimed.
  @WithDefault("${arctic.tick:1s}")
  Duration tick();

  /// Interval at which leases of running steps are renewed.
  @WithDefault("${arctic.lease-renewal:30s}")
  Duration leaseRenewal();

  /// Interval at which orphan blobs and expired idempotency records are deleted.
  @WithDefault("${arctic.blob.sweep:1h}")
  Duration sweep();
}
