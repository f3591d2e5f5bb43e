package dev.arcticsynth.cli.command;

import dev.arcticsynth.cli.client.ResultsSelection;
import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.job.FetchedFile;
import dev.arcticsynth.cli.job.ResultsOutput;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.TaskArgument;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "results",
    description = "Get a task's results, one line per request, in input order.")
public final class ResultsCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private TaskArgument task = new TaskArgument();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write, complete or not at all (standard output).")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--messages", description = "Only the messages of the answers.")
  private boolean messages;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Only these outcomes, comma-separated: succeeded, failed, cancelled.")
  private Optional<String> outcome = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "Turn this file of answers, fetched from the provider by other means, into results with"
              + " your ids (FILE.results.jsonl, or -o).")
  private Optional<Path> from = Optional.empty();

  public ResultsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    TaskName name = task.name();
    if (from.isPresent()) {
      if (messages || outcome.isPresent()) {
        throw new Failure.Usage("--from takes neither --messages nor --outcome.");
      }
      var file = new FetchedFile(context, context.client(), name, from.get());
      return file.into(output.orElseGet(file::beside)).number;
    }
    var resultsOutput =
        new ResultsOutput(context.client(), name, new ResultsSelection(messages, outcome));
    boolean complete =
        output.isPresent()
            ? resultsOutput.into(output.get())
            : resultsOutput.into(context.terminal());
    if (!complete) {
      context
          .notices()
          .accept("Task %s still runs: these are the results known so far.".formatted(name));
    }
    return ExitCode.SUCCEEDED.number;
  }
}
