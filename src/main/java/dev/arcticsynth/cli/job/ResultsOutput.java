package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.ResultsSelection;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;

/// The results of one task on their way to a file or a pipe.
public record ResultsOutput(ArcticClient client, TaskName task, ResultsSelection wanted) {

  /// Writes the file whole or not at all.
  ///
  /// @return whether all results are there; false while the task runs
  public boolean into(Path file) {
    try (OutputFile output = OutputFile.at(file)) {
      boolean complete = client.results(task, wanted, output);
      output.keep();
      return complete;
    } catch (IOException e) {
      throw OutputFile.cannotWrite(file, e);
    }
  }

  /// Ends silently when the pipe is closed, as by `head`.
  public boolean into(Terminal terminal) {
    try {
      return client.results(task, wanted, terminal.data());
    } catch (IOException _) {
      return true;
    }
  }
}
