package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.terminal.Terminal;

/// While it is open, Ctrl-C is answered with a word of comfort.
public final class InterruptHook implements AutoCloseable {
  private final Thread hook;

  public InterruptHook(Terminal terminal) {
    this.hook =
        new Thread(() ->
            terminal.lastWords(
                "Interrupted. Nothing is lost: the same command picks up where it was."));
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The end has begun: the hook has spoken.
    }
  }
}
