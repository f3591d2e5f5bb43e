package dev.arcticsynth.lab.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// The short tier: every failpoint, with the process that hits it killed, and stopped past its
/// lease and then let go on; and after each the whole oracle.
///
/// `-Dlab.points=REGEX`, `-Dlab.strikes=KILL` choose; `-Dlab.labs=N` run side by side (5).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashLabIT {

  private static final Path FOLDER =
      Path.of("target", "lab", "crash-" + System.currentTimeMillis()).toAbsolutePath();
  private static final String POINTS = System.getProperty("lab.points", ".*");
  private static final String STRIKES = System.getProperty("lab.strikes", "KILL,STOP");
  private static final int LABS = Integer.getInteger("lab.labs", 5);
  private static final long SEED = Long.getLong("lab.seed", 1L);

  private final Report report = new Report();
  private final List<Round> rounds = rounds();
  private final LabPool labPool = LabPool.start(FOLDER, rounds, LABS);

  @TestFactory
  Stream<DynamicTest> nothing_is_lost_and_nothing_is_paid_twice() {
    return rounds.stream().map(round -> dynamicTest(round.title(), () -> judge(round)));
  }

  @TestFactory
  Stream<DynamicTest> every_failpoint_is_known_and_was_hit() {
    return POINTS.equals(".*")
        ? Stream.of(dynamicTest("the points that were hit are those of Point.all()", this::compare))
        : Stream.of();
  }

  @AfterAll
  void end() {
    report.write(Path.of("target", "lab", "report.md"));
    labPool.close();
  }

  private void judge(Round round) {
    var verdict = labPool.verdict(round);
    report.add(round, verdict);
    assertThat(verdict.breaches())
        .as(
            "repeat it with: ./mvnw -Plab verify -Dit.test=CrashLabIT -Dlab.points='%s' -Dlab.strikes=%s%n%s",
            round.point().name(), round.strike(), verdict.dump())
        .isEmpty();
    assertThat(verdict.wasStruck()).as("%s was hit", round.point().name()).isTrue();
  }

  private void compare() {
    var known =
        Point.all().stream().map(Point::name).collect(Collectors.toCollection(TreeSet::new));
    assertThat(labPool.hits().keySet()).isEqualTo(known);
  }

  /// Shuffled, so that the slow ones do not all come last.
  private static List<Round> rounds() {
    var rounds =
        Point.all().stream()
            .filter(point -> point.name().matches(POINTS))
            .flatMap(point ->
                Arrays.stream(STRIKES.split(","))
                    .map(strike -> new Round(point, FaultAction.valueOf(strike))))
            .collect(Collectors.toList());
    Collections.shuffle(rounds, new Random(SEED));
    return List.copyOf(rounds);
  }
}
