package dev.arcticsynth.cli.command;

import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.CommonOptions;
import dev.arcticsynth.cli.python.StepFlags;
import dev.arcticsynth.cli.python.Steps;
import dev.arcticsynth.cli.service.RunningService;
import dev.arcticsynth.cli.terminal.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
    name = "arctic-synth",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Run LLM requests through the batch APIs of providers: with a command, or step by step"
            + " with the flags of the Python client (-t NAME and -u, -s, -r, -d; see docs/MIGRATING.md).",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    footer = {
      "",
      "Exit codes: 0 all succeeded; 1 finished, some requests failed; 2 usage;",
      "3 server or provider cannot be reached; 4 the task failed or was cancelled."
    })
@SuppressWarnings("NullAway.Init")
public // picocli injects the field
final class SynthCommand implements Callable<Integer> {
  private final RunningService.Starter starter;

  private final CliContext context;

  @Mixin private final CommonOptions common;

  // No group with a heading of its own: a repeated flag would begin a second group.
  @Mixin private StepFlags steps = new StepFlags();

  @Spec private CommandSpec spec;

  public SynthCommand(CliContext context, RunningService.Starter starter) {
    this.context = context;
    this.common = context.options();
    this.starter = starter;
  }

  @Override
  public Integer call() {
    if (steps.isAction()) {
      return new Steps(context, steps, starter).run().number;
    }
    spec.commandLine().getOut().print(spec.commandLine().getUsageMessage());
    spec.commandLine().getOut().flush();
    return ExitCode.SUCCEEDED.number;
  }
}
