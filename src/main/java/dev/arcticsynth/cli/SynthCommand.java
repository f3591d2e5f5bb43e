package dev.arcticsynth.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ScopeType;

@Command(
    name = "arctic-synth",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%n",
    footer = {
      "",
      "Exit codes: 0 all succeeded; 1 finished, some requests failed; 2 usage;",
      "3 server or provider cannot be reached; 4 the task failed or was cancelled."
    })
final class SynthCommand {
  @Mixin private final CommonOptions common;

  SynthCommand(CommonOptions common) {
    this.common = common;
  }

  CommonOptions common() {
    return common;
  }
}
