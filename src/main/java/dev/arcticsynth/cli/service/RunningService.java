package dev.arcticsynth.cli.service;

import dev.arcticsynth.cli.terminal.Phases;
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
    /// @param phases shows what the start is busy with
    RunningService start(Map<String, String> properties, Phases phases);
  }
}
