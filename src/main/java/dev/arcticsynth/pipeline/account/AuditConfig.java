package dev.arcticsynth.pipeline.account;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Audits of providers' accounts, and clean-up there.
@ConfigMapping(prefix = "arctic.audit")
public interface AuditConfig {

  /// Interval at which an account is compared with the database.
  @WithDefault("10m")
  Duration every();

  /// Age at which a file of this deployment that nothing needs is deleted.
  @WithDefault("1h")
  Duration grace();

  /// How long the files of a batch stay at the provider after its answers are stored.
  @WithDefault("${arctic.remote.keep:24h}")
  Duration keep();
}
