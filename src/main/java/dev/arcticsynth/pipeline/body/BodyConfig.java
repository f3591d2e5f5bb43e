package dev.arcticsynth.pipeline.body;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Optional;

/// Limits of callers' bodies while they arrive.
@ConfigMapping(prefix = "arctic.body")
public interface BodyConfig {
  /// Memory for the bodies of all calls together, in bytes; a call that finds none left is answered
  /// 503 `busy`. Absent: a quarter of the heap.
  Optional<@Positive Long> memory();

  /// A body of which nothing arrives for so long is given up, and its call is answered 408.
  @WithDefault("30s")
  Duration stall();

  /// Least pace of a body in bytes a second, over the time in which it was waited for, once that is
  /// longer than [#stall].
  @WithDefault("1024")
  @PositiveOrZero
  long pace();
}
