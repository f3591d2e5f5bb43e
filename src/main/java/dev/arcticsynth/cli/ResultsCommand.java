package dev.arcticsynth.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "results", description = "Get a task's results, a line a request, in input order.")
final class ResultsCommand implements Callable<Integer> {
  private final CliContext context;

  @Mixin private TaskArgument task = new TaskArgument();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write them, whole or not at all (standard output).")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--messages", description = "Only the messages of the answers.")
  private boolean messages;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Only these: succeeded, failed, cancelled; several with commas.")
  private Optional<String> outcome = Optional.empty();

  ResultsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    TaskName name = task.name();
    var results = new Results(context.client(), name, new ResultsWanted(messages, outcome));
    boolean complete =
        output.isPresent() ? results.into(output.get()) : results.into(context.terminal());
    if (!complete) {
      context
          .notices()
          .accept("Task %s still runs: these are the results known so far.".formatted(name));
    }
    return ExitCode.SUCCEEDED.number;
  }
}
