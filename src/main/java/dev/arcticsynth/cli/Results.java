package dev.arcticsynth.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// The results of one task on their way to a file or a pipe.
record Results(ArcticClient client, TaskName task, ResultsWanted wanted) {

  /// Writes the file whole or not at all.
  ///
  /// @return whether all results are there; false while the task runs
  boolean into(Path file) {
    try (OutputFile output = OutputFile.at(file)) {
      boolean complete = client.results(task, wanted, output);
      output.keep();
      return complete;
    }
  }

  /// Ends in silence when the reader has had enough, as `head` does.
  boolean into(Terminal terminal) {
    OutputStream data = terminal.data();
    try {
      return client.results(task, wanted, (bytes, length) -> write(data, bytes, length));
    } catch (ReaderGone _) {
      return true;
    }
  }

  private static void write(OutputStream data, byte[] bytes, int length) {
    try {
      data.write(bytes, 0, length);
    } catch (IOException _) {
      throw new ReaderGone();
    }
  }

  private static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
