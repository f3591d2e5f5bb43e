package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.terminal.Terminal;

/// While it is open, Ctrl-C prints that nothing is lost.
public final class InterruptHook implements AutoCloseable {
  private final Thread hook;

  public InterruptHook(Terminal terminal) {
    this.hook =
        new Thread(
            () -> terminal.lastWords("Interrupted. Nothing is lost: the same command resumes."));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is shutting down: the hook has printed already.
    }
  }
}
