package dev.arcticsynth.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The ids that requests without one get: `{task}_{n}`, n counted from 0 over the whole task.
final class CustomIds {
  private CustomIds() {}

  /// As a JSON string, quotes included. A task's name needs no escapes.
  static byte[] generated(String taskName, long seq) {
    return ('"' + taskName + '_' + seq + '"').getBytes(US_ASCII);
  }
}
