package dev.arcticsynth.pipeline.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;

/// Limits of a call that hands over requests.
@ConfigMapping(prefix = "arctic.ingest")
public interface IngestConfig {
  /// Longest request line, in bytes.
  @WithDefault("1048576")
  @Positive
  int maxLineBytes();

  /// Longest NDJSON body, in bytes.
  @WithDefault("4294967296")
  @Positive
  long maxBytes();

  /// Most requests in one call. A task may have more, in several calls.
  @WithDefault("5000000")
  @Positive
  long maxRequests();

  /// Longest JSON body (not NDJSON), in bytes. It is held in memory.
  @WithDefault("16777216")
  @Positive
  int maxJsonBytes();

  /// Blocks of about one MiB that a call parses and stores concurrently.
  @WithDefault("6")
  @Positive
  int concurrency();
}
