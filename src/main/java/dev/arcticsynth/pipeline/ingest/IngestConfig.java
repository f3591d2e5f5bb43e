package dev.arcticsynth.pipeline.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;

/// Limits of a call that hands over requests.
@ConfigMapping(prefix = "arctic.ingest")
public interface IngestConfig {
  /// Longest request line in bytes, also after the task's defaults are filled in. Images are part
  /// of their line, a third longer than their file.
  @WithDefault("16777216")
  @Positive
  int maxLineBytes();

  /// Longest NDJSON body in bytes, also once it is decompressed or the task's defaults are filled
  /// in.
  @WithDefault("4294967296")
  @Positive
  long maxBytes();

  /// Most requests in one call. A task may have more, in several calls.
  @WithDefault("5000000")
  @Positive
  long maxRequests();

  /// Most models in one call, counted for each url.
  @WithDefault("256")
  @Positive
  int maxModels();

  /// Longest JSON body (not NDJSON), in bytes. It is held in memory.
  @WithDefault("16777216")
  @Positive
  int maxJsonBytes();

  /// Blocks of about one MiB that a call parses and stores concurrently.
  @WithDefault("6")
  @Positive
  int concurrency();
}
