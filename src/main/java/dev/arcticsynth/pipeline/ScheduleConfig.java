package dev.arcticsynth.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How often the periodic jobs run. Intervals above a second are kept to within a second.
@ConfigMapping(prefix = "arctic.schedule")
interface ScheduleConfig {
  /// Off in tests, which run the jobs themselves.
  @WithDefault("${quarkus.scheduler.enabled:true}")
  boolean enabled();

  /// How often due work is looked for; less than a second is served, too.
  @WithDefault("${arctic.tick:1s}")
  Duration tick();

  /// How often the leases of what is under way are renewed.
  @WithDefault("${arctic.lease-renewal:30s}")
  Duration leaseRenewal();

  /// How often it is looked for what interrupted uploads and downloads left.
  @WithDefault("${arctic.blob.sweep:1h}")
  Duration orphanBlobs();
}
