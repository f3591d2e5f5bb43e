package dev.arcticsynth.cli;

import dev.arcticsynth.cli.service.Service;
import dev.arcticsynth.cli.service.ServiceSettings;
import dev.arcticsynth.cli.terminal.Environment;
import io.quarkus.runtime.annotations.QuarkusMain;

/// Where the program begins. Quarkus is booted by the commands that are a service, and by no other.
@QuarkusMain
public final class Main {
  private Main() {}

  public static void main(String... args) {
    System.exit(
        new Cli(
                Environment.system(),
                (more, phases) -> Service.start(ServiceSettings.quiet().and(more), phases))
            .run(args));
  }
}
