package dev.arcticsynth.cli.command;

import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.service.Service;
import dev.arcticsynth.cli.service.ServiceSettings;
import dev.arcticsynth.cli.terminal.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Start the server.")
public final class ServeCommand implements Callable<Integer> {
  private final CliContext context;

  @Option(names = "--port", paramLabel = "PORT", description = "The port to listen on (8080).")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The address to listen on (127.0.0.1; there is no authentication).")
  private Optional<String> host = Optional.empty();

  public ServeCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.refuseServer("serve", "it is the server");
    try (Service service = Service.start(ServiceSettings.serving(host, port), context.phases())) {
      service.awaitEnd();
    }
    return ExitCode.SUCCEEDED.number;
  }
}
