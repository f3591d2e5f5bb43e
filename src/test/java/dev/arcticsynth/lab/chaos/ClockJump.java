package dev.arcticsynth.lab.chaos;

import dev.arcticsynth.lab.crash.Round;
import dev.arcticsynth.lab.evidence.Expected.Fate;
import dev.arcticsynth.lab.evidence.Oracle;
import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.stage.AotWarmup;
import dev.arcticsynth.lab.stage.EvidenceCollector;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Stage;
import dev.arcticsynth.lab.wire.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One replica's wall clock leaps, by an hour and by a day, there and back, while it runs; the
/// other's stays. Its monotonic clock is left alone, as it is when an operator sets the time.
final class ClockJump {

  private static final List<String> LEAPS = List.of("+3600", "-3600", "+86400", "-86400", "+0");

  private ClockJump() {}

  static boolean isInstalled() {
    return library().isPresent();
  }

  static List<Violation> run(Path folder) {
    Path time = folder.resolve("time");
    try (var postgres = LabPostgres.create(folder.resolve("postgres"), "")) {
      AotWarmup.once(folder, postgres);
      set(time, "+0");
      var variables =
          Map.of(
              "LD_PRELOAD",
              library().orElseThrow().toString(),
              "FAKETIME_TIMESTAMP_FILE",
              time.toString(),
              "FAKETIME_NO_CACHE",
              "1",
              "DONT_FAKE_MONOTONIC",
              "1");
      try (var lab =
          Lab.open(folder.resolve("lab"), postgres, Wires.straight(), 2, Map.of(), variables)) {
        var breaches = new ArrayList<Violation>();
        for (String leap : LEAPS) {
          String prefix = "leap" + LEAPS.indexOf(leap);
          var stage = new Stage(lab, prefix, () -> {});
          String task = stage.submit(Fate.ANSWERED);
          Polling.pause(java.time.Duration.ofSeconds(2));
          set(time, leap);
          stage.awaitOver(task);
          Round.awaitQuiet(lab, prefix);
          breaches.addAll(
              Oracle.judge(EvidenceCollector.of(lab, prefix, stage.expected(), List.of())));
        }
        return breaches;
      }
    }
  }

  private static void set(Path time, String offset) {
    try {
      Path _ = Files.createDirectories(time.getParent());
      Path _ = Files.writeString(time, offset + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static java.util.Optional<Path> library() {
    return Stream.of(
            "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
            "/usr/lib/faketime/libfaketimeMT.so.1")
        .map(Path::of)
        .filter(Files::exists)
        .findFirst();
  }
}
