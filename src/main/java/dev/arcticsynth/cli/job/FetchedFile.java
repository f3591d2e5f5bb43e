package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.client.ArcticClient;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Optional;

/// A file of answers that was fetched from the provider by other means, on its way to results with
/// the user's ids.
public record FetchedFile(CliContext context, ArcticClient client, TaskName task, Path file) {

  /// Beside it: `x.jsonl` becomes `x.results.jsonl`.
  public Path beside() {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl$", "");
    return file.resolveSibling(name + ".results.jsonl");
  }

  /// Written whole or not at all. Lines that are left out are an incomplete success.
  public ExitCode into(Path target) {
    Optional<String> leftOut;
    try (OutputFile output = OutputFile.at(target)) {
      leftOut = client.answers(task, lines(), output);
      output.keep();
    } catch (IOException e) {
      throw OutputFile.cannotWrite(target, e);
    }
    context.notices().accept("Results with your ids are in %s.".formatted(target));
    leftOut.ifPresent(counts ->
        context
            .warnings()
            .accept(
                "Lines of %s that are no answers of the task were left out: %s."
                    .formatted(file, counts)));
    return leftOut.isPresent() ? ExitCode.SOME_FAILED : ExitCode.SUCCEEDED;
  }

  private BodyPublisher lines() {
    try {
      return BodyPublishers.ofFile(file);
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
    }
  }
}
