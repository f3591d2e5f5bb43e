package dev.arcticsynth.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How the flow breathes.
@ConfigMapping(prefix = "arctic.flow")
public interface FlowConfig {
  /// Steps under way side by side in this process. Each may hold a few MiB.
  @WithDefault("4")
  @Positive
  int concurrency();

  /// How long a claimed row is ours without a word; renewed while its step runs.
  @WithDefault("${arctic.lease:120s}")
  Duration lease();

  /// How long a provider's lists may lag behind a create.
  @WithDefault("${arctic.submit.settle:120s}")
  Duration settle();

  /// The first pause after a provider's refusal for a passing reason; it doubles up to [#pauseMax].
  @WithDefault("2s")
  Duration pauseFirst();

  @WithDefault("5m")
  Duration pauseMax();

  /// How often one remote file is fetched before what is provable is taken.
  @WithDefault("10")
  @Positive
  int maxDownloads();

  /// Where downloads are staged; the system's temporary folder when absent.
  Optional<Path> stagingDir();
}
