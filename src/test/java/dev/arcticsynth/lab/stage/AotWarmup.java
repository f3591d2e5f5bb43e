package dev.arcticsynth.lab.stage;

import dev.arcticsynth.lab.process.FreePorts;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.Program;
import dev.arcticsynth.lab.process.ServiceClient;
import dev.arcticsynth.lab.process.SimulatorProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runs the service once so that the JVM writes its AOT cache: each of the hundred starts that
/// follow then costs half.
public final class AotWarmup {

  private AotWarmup() {}

  public static synchronized void once(Path folder, LabPostgres postgres) {
    var program = Program.packaged();
    if (program.isTrained()) {
      return;
    }
    String database = postgres.freshDatabase();
    try (var simulator = new SimulatorProcess(program, folder)) {
      simulator.awaitReady();
      int port = FreePorts.free();
      var service =
          program
              .train(
                  "training",
                  Lab.settings(
                      folder.resolve("staging"), database, postgres.port(), simulator.port()),
                  Map.of(),
                  folder.resolve("training.log"),
                  "serve",
                  "--port",
                  Integer.toString(port))
              .orElseThrow();
      try {
        var client = new ServiceClient(() -> List.of(URI.create("http://127.0.0.1:" + port)));
        client.submit("training", Stage.lines("training"), Stage.BATCH, "");
        Polling.until(
            () -> "the training, see " + service.log(),
            () -> client.view("training").path("state").asText().equals("completed"));
        service.signal("TERM");
        boolean _ = service.exits(Duration.ofMinutes(5));
      } finally {
        service.kill();
      }
    }
  }
}
