package dev.arcticsynth.cli;

import dev.arcticsynth.cli.command.FilesCommand;
import dev.arcticsynth.cli.command.ListCommand;
import dev.arcticsynth.cli.command.ProvidersCommand;
import dev.arcticsynth.cli.command.ResultsCommand;
import dev.arcticsynth.cli.command.RunCommand;
import dev.arcticsynth.cli.command.ServeCommand;
import dev.arcticsynth.cli.command.SimulatorCommand;
import dev.arcticsynth.cli.command.StatusCommand;
import dev.arcticsynth.cli.command.SubmitCommand;
import dev.arcticsynth.cli.command.SynthCommand;
import dev.arcticsynth.cli.command.TaskActionCommand;
import dev.arcticsynth.cli.command.WatchCommand;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.options.CommonOptions;
import dev.arcticsynth.cli.service.RunningService;
import dev.arcticsynth.cli.terminal.Environment;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Terminal;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// All commands, and what happens to their failures: sentences on standard error, an exit code.
final class Cli {
  private final Terminal terminal;
  private final CommandLine commands;

  Cli(Environment environment, RunningService.Starter quietService) {
    this.terminal = environment.terminal();
    var context = new CliContext(environment, new CommonOptions());
    this.commands =
        new CommandLine(new SynthCommand(context, quietService))
            // Python's parser lets a flag be repeated; the last one counts.
            .setOverwrittenOptionsAllowed(true)
            .addSubcommand(new RunCommand(context, quietService))
            .addSubcommand(new ServeCommand(context))
            .addSubcommand(new SubmitCommand(context))
            .addSubcommand(new WatchCommand(context))
            .addSubcommand(new StatusCommand(context))
            .addSubcommand(new ResultsCommand(context))
            .addSubcommand(new ListCommand(context))
            .addSubcommand(TaskActionCommand.cancel(context))
            .addSubcommand(TaskActionCommand.retry(context))
            .addSubcommand(TaskActionCommand.delete(context))
            .addSubcommand(new ProvidersCommand(context))
            .addSubcommand(new FilesCommand(context))
            .addSubcommand(new SimulatorCommand(context))
            .setOut(writer(terminal.out()))
            .setErr(writer(terminal.err()))
            .setColorScheme(CommandLine.Help.defaultColorScheme(ansi()))
            .setExitCodeExceptionMapper(_ -> ExitCode.UNREACHABLE.number)
            .setExecutionStrategy(Cli::execute)
            .setParameterExceptionHandler(this::misused)
            .setExecutionExceptionHandler(this::failed);
  }

  int run(String... args) {
    if (args.length == 0) {
      commands.usage(terminal.out(), ansi());
      return ExitCode.SUCCEEDED.number;
    }
    return commands.execute(args);
  }

  /// A command ignores the flags of the steps; passing both is an error.
  private static int execute(ParseResult parsed) {
    if (parsed.hasSubcommand()) {
      parsed.matchedOptions().stream()
          .filter(option -> option.scopeType() == ScopeType.LOCAL)
          .findFirst()
          .ifPresent(flag -> {
            throw new ParameterException(
                parsed.commandSpec().commandLine(),
                "%s is used without a command, or after the command's name."
                    .formatted(flag.shortestName()));
          });
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  private Ansi ansi() {
    return terminal.isInteractive() ? Ansi.AUTO : Ansi.OFF;
  }

  private int misused(ParameterException e, String[] args) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    complain(List.of(String.valueOf(e.getMessage())));
    boolean _ = UnmatchedArgumentException.printSuggestions(e, e.getCommandLine().getErr());
    terminal.say("Try '%s --help'.".formatted(command));
    return ExitCode.USAGE.number;
  }

  private int failed(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof Failure failure) {
      complain(failure.lines());
      return failure.exitCode().number;
    }
    // A bug. Its place in the code is all that a report of it needs.
    StackTraceElement[] trace = e.getStackTrace();
    complain(List.of("This should not happen: " + e + (trace.length > 0 ? " at " + trace[0] : "")));
    return ExitCode.UNREACHABLE.number;
  }

  private void complain(List<String> lines) {
    terminal.say("arctic-synth: " + lines.getFirst());
    lines.stream().skip(1).forEach(terminal::say);
  }
}
