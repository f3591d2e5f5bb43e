package dev.arcticsynth.lab.chaos;

import dev.arcticsynth.lab.chaos.ChaosRound.Outcome;
import dev.arcticsynth.lab.crash.Round;
import dev.arcticsynth.lab.evidence.Evidence;
import dev.arcticsynth.lab.evidence.Expected.Fate;
import dev.arcticsynth.lab.evidence.Oracle;
import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.LossyPostgres;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.stage.AotWarmup;
import dev.arcticsynth.lab.stage.EvidenceCollector;
import dev.arcticsynth.lab.stage.FailureDump;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Scenario;
import dev.arcticsynth.lab.stage.Stage;
import dev.arcticsynth.lab.wire.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The long tier: random rounds, fail-overs that lose commits, and a soak. Seeded, bounded, and
/// able to go on where it was interrupted.
final class Chaos {

  static final String RANDOM = "random";
  static final String CANCELLED = "random, cancelled";
  static final String LOSSY = "lossy fail-over";

  private static final String CREATED = "provider.create.after-reply";
  private static final Duration LOST = Duration.ofMillis(200);

  /// What the recovery after a change of the timeline may take.
  private static final Duration SWEEP = Duration.ofSeconds(20);

  private final Path folder;
  private final long seed;
  private final Instant end;
  private final ChaosDiary diary;

  /// @param limit after which no new round begins
  Chaos(Path folder, ChaosDiary diary, long seed, Duration limit) {
    this.folder = folder;
    this.diary = diary;
    this.seed = seed;
    this.end = Instant.now().plus(limit);
  }

  /// Rounds `0` to `rounds`, except those that were done before.
  void random(int rounds) {
    each(RANDOM, rounds, "c", round -> ChaosPlan.of(seed, round));
  }

  /// Rounds in which the caller cancels, of a random place and number of kills like the others.
  void cancelled(int rounds) {
    each(CANCELLED, rounds, "x", round -> ChaosPlan.of(seed, round, Scenario.CANCEL_WHILE_RUNNING));
  }

  /// Fail-overs that lose what was committed in the last moments.
  void lossy(int rounds) {
    each(
        LOSSY,
        rounds,
        2,
        (lab, round) -> diary.write(LOSSY, round, "lost " + LOST, lossy(lab, round)));
  }

  private void each(String kind, int rounds, String mark, IntFunction<ChaosPlan> plans) {
    each(
        kind,
        rounds,
        3,
        (lab, round) -> {
          var plan = plans.apply(round);
          diary.write(kind, round, plan.toString(), ChaosRound.run(lab, plan, prefix(mark, round)));
        });
  }

  private void each(String kind, int rounds, int replicas, Rounds each) {
    Set<Integer> done = diary.done(kind);
    List<Integer> left = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      if (!done.contains(round)) {
        left.add(round);
      }
    }
    int opened = 0;
    while (!left.isEmpty() && Instant.now().isBefore(end)) {
      Path its = folder.resolve(kind.replace(' ', '-') + "-" + opened++);
      try (var postgres = LabPostgres.create(its.resolve("postgres"), "wal_keep_size = '1GB'\n")) {
        AotWarmup.once(its, postgres);
        try (var lab =
            Lab.open(its.resolve("lab"), postgres, Wires.straight(), replicas, Map.of())) {
          while (!left.isEmpty() && Instant.now().isBefore(end)) {
            int round = left.removeFirst();
            try {
              each.run(lab, round);
            } catch (RuntimeException e) {
              // A round that never ends is a breach like any other; the others get a new lab.
              diary.write(
                  kind,
                  round,
                  "stuck",
                  new Outcome(
                      0,
                      new TreeMap<>(),
                      Duration.ZERO,
                      List.of(new Violation("stuck", String.valueOf(e.getMessage()))),
                      ""));
              break;
            }
          }
        }
      }
    }
  }

  private Outcome lossy(Lab lab, int round) {
    var random = new Random(seed * 7_919 + round);
    lab.awaitReplicas(2);
    lab.simulator().noFaults();
    Instant begun = Instant.now();
    String prefix = prefix("l", round);
    var stage = new Stage(lab, prefix, () -> {});
    var lossy = LossyPostgres.of(lab.postgres(), lab.folder().resolve("base-" + round));
    boolean isAimed = round % 2 == 0;
    lab.failpoints().arm(isAimed ? CREATED + " = delay:3000\n" : "");
    String task = stage.submit(Fate.ANSWERED);
    if (isAimed) {
      lossy.failOver(momentBeforeIntent(lab, begun));
    } else {
      // What the caller was answered is older than what is lost: that much is promised.
      Polling.pause(LOST.multipliedBy(3).plusMillis(random.nextInt(3_500)));
      lossy.failOver(Instant.now().minus(LOST));
    }
    lab.failpoints().disarm();
    stage.awaitOver(task);
    Round.awaitQuiet(lab, prefix);
    Polling.pause(SWEEP);
    var evidence = pardoned(lab, EvidenceCollector.of(lab, prefix, stage.expected(), List.of()));
    List<Violation> breaches = Oracle.judge(evidence);
    return new Outcome(
        1,
        new TreeMap<>(
            Map.of(
                isAimed ? "begun, and its intent lost" : "anywhere, and the last 200 ms lost", 1)),
        Duration.between(begun, Instant.now()),
        breaches,
        breaches.isEmpty() ? "" : FailureDump.of(lab, prefix));
  }

  /// The worst moment: a batch exists, it is not on record yet, and that it was ever begun is among
  /// what is lost.
  private static Instant momentBeforeIntent(Lab lab, Instant begun) {
    Polling.until(() -> "a batch", () -> lab.failpoints().firstHit(CREATED, begun).isPresent());
    return lab.failpoints()
        .firstHit("partition.upload_begun.before-commit", begun)
        .orElseThrow()
        .minusMillis(15);
  }

  /// A batch that the database forgot cannot be on record; it must have been found and stopped
  /// before it cost anything.
  private static Evidence pardoned(Lab lab, Evidence found) {
    Set<String> known =
        found.attempts().stream().map(Evidence.AttemptRow::batch).collect(Collectors.toSet());
    Set<String> cancelled =
        lab.simulator().ledger().entries().stream()
            .filter(entry -> entry.event().equals("batch_cancelled"))
            .map(entry -> entry.detail().path("batch").asText())
            .collect(Collectors.toSet());
    var pardoned = new HashSet<>(cancelled);
    pardoned.removeAll(known);
    pardoned.removeAll(found.billed().keySet());
    return found.without(pardoned);
  }

  /// Figures for people.
  static void report(ChaosDiary diary, Path file) {
    try {
      Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
      Path _ =
          Files.writeString(
              file,
              Stream.of(RANDOM, CANCELLED, LOSSY)
                  .map(diary::summary)
                  .collect(Collectors.joining("\n", "# The long tier\n\n", "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String prefix(String kind, int round) {
    return kind + round + "-" + Long.toString(System.currentTimeMillis(), 36);
  }

  private interface Rounds {
    void run(Lab lab, int round);
  }
}
