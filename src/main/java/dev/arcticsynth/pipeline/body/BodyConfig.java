package dev.arcticsynth.pipeline.body;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Positive;
import java.util.Optional;

/// Limits of callers' bodies while they arrive.
@ConfigMapping(prefix = "arctic.body")
public interface BodyConfig {
  /// Memory for the bodies of all calls together, in bytes; a call that finds none left is answered
  /// 503 `busy`. Absent: a quarter of the heap.
  Optional<@Positive Long> memory();
}
