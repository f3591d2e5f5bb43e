package dev.arcticsynth.lab.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// The short tier: every failpoint, with the process that hits it killed, or stopped past its lease
/// and then let go on; and after each round the whole oracle.
///
/// Each point is struck once, in the way that the seed says; `-Dlab.strikes=other` is the other way
/// of each. What the [Campaign] is made of can be said: `-Dlab.points=REGEX`, `-Dlab.strikes=KILL`,
/// `-Dlab.seed=N`, `-Dlab.shard=1/4`; and `-Dlab.labs=N` run side by side (4).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashLabIT {

  private static final Path FOLDER =
      Path.of("target", "lab", "crash-" + System.currentTimeMillis()).toAbsolutePath();
  private static final int LABS = Integer.getInteger("lab.labs", 4);

  private final Campaign campaign = Campaign.ofProperties();
  private final Report report = new Report();
  private final List<Round> rounds = campaign.rounds();
  private final LabPool labPool = LabPool.start(FOLDER, rounds, LABS);

  CrashLabIT() {
    System.out.printf(
        "%d strikes in %d rounds; again: %s%n",
        campaign.targets().size(), rounds.size(), campaign.command());
  }

  @TestFactory
  Stream<DynamicTest> nothing_is_lost_and_nothing_is_paid_twice() {
    return rounds.stream()
        .flatMap(round -> round.targets().stream())
        .map(target -> dynamicTest(target.title(), () -> judge(target)));
  }

  @TestFactory
  Stream<DynamicTest> every_failpoint_is_known_and_was_hit() {
    return campaign.isComplete()
        ? Stream.of(dynamicTest("the points that were hit are those of Point.all()", this::compare))
        : Stream.of();
  }

  @AfterAll
  void end() {
    report.write(
        Path.of(
            "target",
            "lab",
            campaign.strikes().equals(Campaign.OTHER) ? "report-other.md" : "report.md"),
        "`" + campaign.command() + "`");
    labPool.close();
  }

  private void judge(Target target) {
    var verdict = labPool.verdict(target);
    report.add(target, verdict);
    assertThat(verdict.breaches())
        .as(
            "repeat it with: ./mvnw -Plab verify -Dit.test=CrashLabIT -Dlab.points='%s' -Dlab.strikes=%s%nand with all others: %s%n%s",
            target.point().name(), target.strike(), campaign.command(), verdict.dump())
        .isEmpty();
    assertThat(verdict.wasStruck()).as("%s was hit", target.point().name()).isTrue();
  }

  private void compare() {
    var known =
        Point.all().stream().map(Point::name).collect(Collectors.toCollection(TreeSet::new));
    assertThat(labPool.hits().keySet()).isEqualTo(known);
  }
}
