package dev.arcticsynth.provider.simulator;

import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The built-in simulator. The default durations suit a first run in a terminal.
@ConfigMapping(prefix = "arctic.simulator")
interface SimulatorConfig {

  /// How long a batch stays in the status `validating`.
  @WithDefault("500ms")
  Duration validating();

  /// How long a batch stays in the status `in_progress`.
  @WithDefault("3s")
  Duration running();

  /// How long a batch stays in the status `finalizing`.
  @WithDefault("500ms")
  Duration finalizing();

  /// How long a batch stays in the status `cancelling`.
  @WithDefault("500ms")
  Duration cancelling();

  /// How long an uploaded file cannot be used yet, as at Azure.
  @WithDefault("0s")
  Duration processing();

  /// The API that it imitates, and that the adapter speaks with it.
  @WithDefault("openai")
  SimulatedApi dialect();

  /// Port on loopback; 0 picks a free one.
  @WithDefault("0")
  int port();
}
