package dev.arcticsynth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// From where to where; looked at before anything is sent, so that no answer is paid for in vain.
record RunFiles(Input input, Path output) {
  RunFiles {
    if (input.isStdin() || !Files.isRegularFile(input.file())) {
      throw new Failure.Usage(
          "'run' reads its input twice and needs a file, not standard input or a pipe.");
    }
    if (isSame(input.file(), output)) {
      throw new Failure.Usage("Input and output are both %s.".formatted(output));
    }
    OutputFile.at(output).close();
  }

  private static boolean isSame(Path input, Path output) {
    try {
      return Files.exists(output) && Files.isSameFile(input, output);
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(output, Reason.of(e)));
    }
  }
}
