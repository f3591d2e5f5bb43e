package dev.arcticsynth.lab.sabotage;

import dev.arcticsynth.lab.process.LabPostgres;
import java.nio.file.Path;

/// Sabotage from a shell.
final class SabotageRun {
  private SabotageRun() {}

  public static void main(String[] arguments) {
    Path folder =
        Path.of("target", "lab", "sabotage-" + System.currentTimeMillis()).toAbsolutePath();
    try (var postgres = LabPostgres.create(folder.resolve("postgres"), "")) {
      for (Sabotage sabotage : Sabotage.values()) {
        if (arguments.length == 0 || sabotage.name().equals(arguments[0])) {
          System.out.println(sabotage + " " + SabotageIT.run(postgres, folder, sabotage, true));
          System.out.println(
              sabotage + " control " + SabotageIT.run(postgres, folder, sabotage, false));
        }
      }
    }
  }
}
