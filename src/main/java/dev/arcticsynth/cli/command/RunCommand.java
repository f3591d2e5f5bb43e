package dev.arcticsynth.cli.command;

import dev.arcticsynth.cli.job.InputFile;
import dev.arcticsynth.cli.job.InterruptHook;
import dev.arcticsynth.cli.job.RunFiles;
import dev.arcticsynth.cli.job.RunJob;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.TaskOptions;
import dev.arcticsynth.cli.python.RunAccount;
import dev.arcticsynth.cli.service.RunningService;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description =
        "Run a whole job in this process: submit, wait, write the results in input order."
            + " After an interruption the same command resumes.")
public final class RunCommand implements Callable<Integer> {
  private final CliContext context;
  private final RunningService.Starter starter;

  @Parameters(paramLabel = "INPUT", description = "A file of request lines.")
  private Path input = Path.of("");

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUTPUT",
      description = "The file for the results, written complete or not at all.")
  private Path output = Path.of("");

  @Option(names = "--messages", description = "Only the messages of the answers.")
  private boolean messages;

  @Option(names = "--retry", description = "Retry what failed or was cancelled in an earlier run.")
  private boolean retry;

  @Option(
      names = {"-c", "--credential"},
      paramLabel = "FILE",
      description =
          "Credentials file of the Python client (~/.arctic_synth/credentials/default.yaml,"
              + " where no provider is configured).")
  private Optional<Path> credential = Optional.empty();

  @Mixin private TaskOptions options = new TaskOptions();

  public RunCommand(CliContext context, RunningService.Starter starter) {
    this.context = context;
    this.starter = starter;
  }

  @Override
  public Integer call() {
    context.refuseServer("run", "with a server use 'submit --wait' and 'results'");
    var files = new RunFiles(new InputFile(input), output);
    var account = RunAccount.of(context, credential, options.provider());
    try (var _ = new InterruptHook(context.terminal());
        RunningService service = starter.start(account.properties(), context.phases())) {
      var job =
          new RunJob(
              context,
              context.clientOf(service.uri()),
              files,
              options,
              providers -> account.choose(providers, context.notices()));
      return job.run(messages, retry).number;
    }
  }
}
