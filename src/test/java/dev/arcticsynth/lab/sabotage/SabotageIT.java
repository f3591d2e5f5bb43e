package dev.arcticsynth.lab.sabotage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.lab.crash.Round;
import dev.arcticsynth.lab.evidence.Expected;
import dev.arcticsynth.lab.evidence.Oracle;
import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.stage.AotWarmup;
import dev.arcticsynth.lab.stage.EvidenceCollector;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Stage;
import dev.arcticsynth.lab.wire.BadWires;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The proof of the proof: with a safeguard taken away the oracle must see what comes of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SabotageIT {

  private static final Path FOLDER =
      Path.of("target", "lab", "sabotage-" + System.currentTimeMillis()).toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private @Nullable LabPostgres postgres;

  @BeforeAll
  void start() {
    postgres = LabPostgres.create(FOLDER.resolve("postgres"), "");
    AotWarmup.once(FOLDER, postgres);
  }

  @AfterAll
  void end() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void without_the_safeguard_the_oracle_is_red(Sabotage sabotage) {
    assertThat(run(sabotage, true)).extracting(Violation::rule).contains(sabotage.breaks());
  }

  @ParameterizedTest
  @EnumSource
  void with_the_safeguard_the_oracle_is_green(Sabotage sabotage) {
    assertThat(run(sabotage, false)).isEmpty();
  }

  private List<Violation> run(Sabotage sabotage, boolean isSabotaged) {
    return run(java.util.Objects.requireNonNull(postgres), FOLDER, sabotage, isSabotaged);
  }

  static List<Violation> run(
      LabPostgres postgres, Path folder, Sabotage sabotage, boolean isSabotaged) {
    String name =
        sabotage.name().toLowerCase(java.util.Locale.ROOT)
            + (isSabotaged ? "-sabotaged" : "-control");
    var settings = isSabotaged ? sabotage.settings() : sabotage.control();
    try (var lab = Lab.open(folder.resolve(name), postgres, new BadWires(), 3, settings)) {
      List<Integer> logs = IntStream.range(0, 3).mapToObj(_ -> 0).toList();
      sabotage.prepare(lab, isSabotaged);
      var stage = new Stage(lab, "s", () -> {});
      String task = stage.submit(Expected.Fate.ANSWERED);
      boolean _ =
          Polling.within(
              isSabotaged ? PATIENCE : Polling.LONG,
              () ->
                  !lab.rows(
                          "SELECT 1 AS it FROM task WHERE name = ? AND finished_at IS NOT NULL",
                          task)
                      .isEmpty());
      Polling.pause(sabotage.aftermath());
      lab.wires().mend();
      lab.failpoints().disarm();
      if (!isSabotaged) {
        // The task's end is not yet the callback's.
        Round.awaitQuiet(lab, "s");
      }
      return Oracle.judge(
          EvidenceCollector.of(lab, "s", stage.expected(), Round.errors(lab, logs)));
    }
  }
}
