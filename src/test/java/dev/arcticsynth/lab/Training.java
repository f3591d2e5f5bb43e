package dev.arcticsynth.lab;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Runs the service once so that the JVM writes its AOT cache: each of the hundred starts that
/// follow then costs half.
final class Training {

  private Training() {}

  static synchronized void once(Path folder, LabPostgres postgres) {
    var program = Program.packaged();
    if (program.isTrained()) {
      return;
    }
    String database = postgres.freshDatabase();
    try (var simulator = new SimulatorProcess(program, folder)) {
      simulator.awaitReady();
      int port = Ports.free();
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
        Waiting.until(
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
