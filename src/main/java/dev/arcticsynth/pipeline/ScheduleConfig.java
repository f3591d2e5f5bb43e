package dev.arcticsynth.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How often things happen that happen again and again.
@ConfigMapping(prefix = "arctic.beat")
interface ScheduleConfig {
  /// Nothing happens by itself otherwise; tests beat themselves.
  @WithDefault("${quarkus.scheduler.enabled:true}")
  boolean enabled();

  /// Due rows are looked for.
  @WithDefault("${arctic.tick:1s}")
  Duration tick();

  /// The leases of what is under way are renewed.
  @WithDefault("${arctic.lease-renewal:30s}")
  Duration leaseRenewal();

  /// What interrupted uploads and downloads left is removed.
  @WithDefault("${arctic.blob.sweep:1h}")
  Duration sweep();
}
