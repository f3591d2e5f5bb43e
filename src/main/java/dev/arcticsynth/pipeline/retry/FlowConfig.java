package dev.arcticsynth.pipeline.retry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Concurrency, leases and back-off of the pipeline.
@ConfigMapping(prefix = "arctic.flow")
public interface FlowConfig {
  /// Steps that run concurrently in this process. Each may hold a few MiB of memory.
  @WithDefault("4")
  @Positive
  int concurrency();

  /// Lease on a claimed row. Renewed while its step runs; another process takes the row over when
  /// the lease has expired.
  @WithDefault("${arctic.lease:120s}")
  Duration lease();

  /// How long a provider's list of batches may lag: the wait after a create call with an unknown
  /// outcome.
  @WithDefault("${arctic.submit.settle:120s}")
  Duration settle();

  /// First pause after a temporary failure at a provider; pauses double up to [#pauseMax].
  @WithDefault("2s")
  Duration pauseFirst();

  /// Longest pause after a temporary failure at a provider.
  @WithDefault("5m")
  Duration pauseMax();

  /// How often an answer file that comes cut is fetched before its complete lines are accepted.
  @WithDefault("10")
  @Positive
  int maxDownloads();

  /// Folder in which downloads are staged. Absent: `staging` in `ARCTIC_HOME`.
  Optional<Path> stagingDir();
}
