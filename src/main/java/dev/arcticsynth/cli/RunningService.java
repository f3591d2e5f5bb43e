package dev.arcticsynth.cli;

import java.net.URI;

/// A service that answers until it is closed.
interface RunningService extends AutoCloseable {

  URI uri();

  @Override
  void close();

  /// Starts one; throws [Failure.Unreachable] where it does not start.
  @FunctionalInterface
  interface Starter {
    RunningService start();
  }
}
