package dev.arcticsynth.pipeline;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;

/// What callers may hand over in one call.
@ConfigMapping(prefix = "arctic.ingest")
public interface IngestConfig {
  /// Longest line in bytes. Also the size of the largest request.
  @WithDefault("1048576")
  @Positive
  int maxLineBytes();

  /// Longest NDJSON body in bytes.
  @WithDefault("4294967296")
  @Positive
  long maxBytes();

  /// Most requests in one call.
  @WithDefault("5000000")
  @Positive
  long maxRequests();

  /// Longest JSON body (not NDJSON) in bytes; such a body is held in memory.
  @WithDefault("16777216")
  @Positive
  int maxJsonBytes();

  /// Blocks of about a MiB that are parsed and stored side by side.
  @WithDefault("6")
  @Positive
  int concurrency();
}
