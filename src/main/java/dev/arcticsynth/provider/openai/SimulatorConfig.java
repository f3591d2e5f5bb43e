package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.simulator.Dialect;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How long the batches of the built-in simulator take. The defaults suit a person who watches.
@ConfigMapping(prefix = "arctic.simulator")
interface SimulatorConfig {

  @WithDefault("500ms")
  Duration validating();

  @WithDefault("3s")
  Duration running();

  @WithDefault("500ms")
  Duration finalizing();

  @WithDefault("500ms")
  Duration cancelling();

  /// How long an uploaded file is being read.
  @WithDefault("0s")
  Duration processing();

  /// Whom it plays, and whose wire is spoken with it.
  @WithDefault("openai")
  Dialect dialect();

  /// 0 picks a free one.
  @WithDefault("0")
  int port();
}
