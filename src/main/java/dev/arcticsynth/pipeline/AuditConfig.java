package dev.arcticsynth.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How often providers' accounts are compared with what we know, and what is cleaned there.
@ConfigMapping(prefix = "arctic.audit")
public interface AuditConfig {

  @WithDefault("10m")
  Duration every();

  /// How old a file that nothing needs must be before it is deleted.
  @WithDefault("1h")
  Duration grace();

  /// How long the files of an attempt stay after it is over.
  @WithDefault("${arctic.remote.keep:24h}")
  Duration keep();
}
