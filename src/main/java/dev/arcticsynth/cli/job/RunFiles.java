package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The input and output of a run; checked before anything is sent, so that no answer is paid for in
/// vain.
public record RunFiles(InputFile input, Path output) {
  public RunFiles {
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
      throw new Failure.Usage("Cannot read %s: %s.".formatted(output, IoErrors.of(e)));
    }
  }
}
