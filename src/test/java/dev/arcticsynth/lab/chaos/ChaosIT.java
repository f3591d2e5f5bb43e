package dev.arcticsynth.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.arcticsynth.lab.environment.DiskFull;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The long tier, by `./mvnw -Pchaos verify` only.
///
/// `-Dchaos.rounds=1000`, `-Dchaos.cancelled=100`, `-Dchaos.lossy=50`, `-Dchaos.soak=PT2H`,
/// `-Dchaos.seed=1`; `-Dchaos.minutes=N` ends each part after so long. What was done is in
/// `target/lab/chaos.jsonl`: with the same seed a run goes on.
class ChaosIT {

  private static final long SEED = Long.getLong("chaos.seed", 1L);
  private static final Duration LIMIT = Duration.ofMinutes(Long.getLong("chaos.minutes", 24 * 60L));
  private static final Path FOLDER =
      Path.of("target", "lab", "chaos-" + System.currentTimeMillis()).toAbsolutePath();

  private final ChaosDiary diary = new ChaosDiary(Path.of("target", "lab", "chaos.jsonl"), SEED);

  @AfterEach
  void report() {
    Chaos.report(diary, Path.of("target", "lab", "chaos.md"));
  }

  @Test
  void random_kills_break_nothing() {
    new Chaos(FOLDER, diary, SEED, LIMIT).random(Integer.getInteger("chaos.rounds", 1_000));
    assertThat(diary.broken(Chaos.RANDOM)).isEmpty();
  }

  @Test
  void random_kills_while_a_caller_cancels_break_nothing() {
    new Chaos(FOLDER, diary, SEED, LIMIT).cancelled(Integer.getInteger("chaos.cancelled", 100));
    assertThat(diary.broken(Chaos.CANCELLED)).isEmpty();
  }

  @Test
  void a_fail_over_that_loses_commits_pays_for_nothing_twice() {
    new Chaos(FOLDER, diary, SEED, LIMIT).lossy(Integer.getInteger("chaos.lossy", 50));
    assertThat(diary.broken(Chaos.LOSSY)).isEmpty();
  }

  @Test
  void a_database_whose_disk_was_full_goes_on() {
    Path disk = FOLDER.resolve("disk");
    assumeTrue(DiskFull.mount(disk), "needs to mount a tmpfs, which takes root");
    try {
      assertThat(DiskFull.run(FOLDER.resolve("full"), disk)).isEmpty();
    } finally {
      DiskFull.unmount(disk);
    }
  }

  @Test
  void a_replica_whose_clock_leaps_spoils_nothing() {
    assumeTrue(ClockJump.isInstalled(), "needs libfaketime (Debian: faketime)");
    assertThat(ClockJump.run(FOLDER.resolve("clock"))).isEmpty();
  }

  @Test
  void nothing_grows_while_it_goes_on_for_hours() {
    Duration length = Duration.parse(System.getProperty("chaos.soak", "PT2H"));
    assertThat(Soak.run(FOLDER.resolve("soak"), SEED, length)).isEmpty();
  }
}
