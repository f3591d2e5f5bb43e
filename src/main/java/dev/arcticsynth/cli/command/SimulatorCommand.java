package dev.arcticsynth.cli.command;

import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.provider.simulator.server.Simulator;
import dev.arcticsynth.provider.simulator.server.SimulatorSettings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The simulator as a process of its own, independent of the services that use it. Its state is in
/// its directory.
@Command(name = "simulator", hidden = true, description = "Start a simulated provider.")
public final class SimulatorCommand implements Callable<Integer> {
  private final CliContext context;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The directory of its state.")
  private Path dir = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port to listen on; 0 picks a free one.")
  private int port;

  @Option(
      names = "--validating",
      paramLabel = "MS",
      description = "How long a batch is validated (200).")
  private long validating = 200;

  @Option(names = "--running", paramLabel = "MS", description = "How long a batch runs (1000).")
  private long running = 1_000;

  @Option(
      names = "--finalizing",
      paramLabel = "MS",
      description = "How long a batch is finalized (200).")
  private long finalizing = 200;

  @Option(names = "--cancelling", paramLabel = "MS", description = "How long a cancel takes (200).")
  private long cancelling = 200;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of its random choices (1).")
  private long seed = 1;

  public SimulatorCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    context.refuseServer("simulator", "it is the server");
    Vertx vertx = Vertx.vertx();
    try (Simulator simulator = Simulator.start(vertx, settings(), InstantSource.system())) {
      context.terminal().print(simulator.url().toString());
      new CountDownLatch(1).await();
    }
    return ExitCode.SUCCEEDED.number;
  }

  private SimulatorSettings settings() {
    return SimulatorSettings.in(dir)
        .withPort(port)
        .withValidating(Duration.ofMillis(validating))
        .withRunning(Duration.ofMillis(running))
        .withFinalizing(Duration.ofMillis(finalizing))
        .withCancelling(Duration.ofMillis(cancelling))
        .withSeed(seed);
  }
}
