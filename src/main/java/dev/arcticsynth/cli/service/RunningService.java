package dev.arcticsynth.cli.service;

import java.net.URI;
import java.util.Map;

/// A service that answers until it is closed.
public interface RunningService extends AutoCloseable {

  URI uri();

  @Override
  void close();

  /// Starts one; throws `Failure.Unreachable` where it does not start.
  @FunctionalInterface
  interface Starter {
    /// @param properties configuration that overrides the environment's; may hold secrets
    RunningService start(Map<String, String> properties);
  }
}
