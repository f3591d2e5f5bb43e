package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.evidence.Oracle;
import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.stage.EvidenceCollector;
import dev.arcticsynth.lab.stage.FailureDump;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Scenario;
import dev.arcticsynth.lab.stage.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One scenario with one strike, or with two at different points and processes, and the verdict.
///
/// @param targets of the same scenario
public record Round(List<Target> targets) {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Pattern ERROR = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\S+ ERROR .*");

  /// The framework calls these errors. A connection that breaks is news of the network, and heals;
  /// a caller that hangs up while its results are written is the caller's business.
  private static final Pattern NO_ERROR =
      Pattern.compile(
          ".*ConnectionBase] .*Connection reset.*|.*VertxCoreRecorder] .*(Response has already been written|Result is already complete).*");

  public Round {
    targets = List.copyOf(targets);
    if (targets.isEmpty() || targets.stream().map(Round::scenario).distinct().count() != 1) {
      throw new IllegalArgumentException("Not one scenario: " + targets);
    }
  }

  static Round of(Target... targets) {
    return new Round(List.of(targets));
  }

  /// How it went for one target.
  ///
  /// @param wasStruck whether the point was hit at all
  /// @param recovery until nothing that the victim held was held by it any more; zero when it held
  ///   nothing
  /// @param breaches of the whole round
  /// @param dump for people, when there is a breach
  record Verdict(
      boolean wasStruck, Duration recovery, Duration took, List<Violation> breaches, String dump) {

    /// This one, of the strike alone, with what an earlier one broke in company.
    Verdict with(Verdict shared) {
      return shared.breaches().isEmpty()
          ? this
          : new Verdict(
              wasStruck || shared.wasStruck,
              recovery,
              took.plus(shared.took),
              Stream.concat(shared.breaches.stream(), breaches.stream()).toList(),
              "With the other strike:\n%s\nAlone: %s\n%s".formatted(shared.dump, breaches, dump));
    }

    /// Neither missed nor broken.
    boolean isGood() {
      return wasStruck && breaches.isEmpty();
    }
  }

  /// Whether it has more than one target.
  boolean isShared() {
    return targets.size() > 1;
  }

  Map<Target, Verdict> run(Lab lab) {
    // One that is left when all victims of this round are down.
    lab.awaitReplicas(targets.size() + 1);
    lab.simulator().noFaults();
    lab.failpoints().disarm();
    Instant begun = Instant.now();
    List<Integer> logs =
        lab.replicas().stream().map(replicaProcess -> replicaProcess.logLines().size()).toList();
    String prefix = "t" + NUMBER.incrementAndGet() + "-" + Long.toString(begun.toEpochMilli(), 36);
    var isOver = new AtomicBoolean();
    var watch = new Watch(lab, targets, isOver);
    var stage = new Stage(lab, prefix, watch::arm);
    var watching = CompletableFuture.supplyAsync(watch::run, Thread::startVirtualThread);
    Map<Target, Duration> struck;
    try {
      scenario(targets.getFirst()).drive(stage);
      // A point that is hit in passing, like the recovery, may come after the task's end.
      boolean _ = Polling.within(Duration.ofSeconds(5), watch::hasStruckAll);
    } finally {
      isOver.set(true);
      struck = watching.join();
    }
    awaitQuiet(lab, prefix);
    List<String> errors = errors(lab, logs);
    var evidence = EvidenceCollector.of(lab, prefix, stage.expected(), errors);
    List<Violation> breaches = Oracle.judge(evidence);
    var took = Duration.between(begun, Instant.now());
    String dump = breaches.isEmpty() ? "" : FailureDump.of(lab, prefix);
    var verdicts = new HashMap<Target, Verdict>();
    for (Target target : targets) {
      verdicts.put(
          target,
          new Verdict(
              struck.containsKey(target),
              struck.getOrDefault(target, Duration.ZERO),
              took,
              breaches,
              dump));
    }
    return verdicts;
  }

  private static Scenario scenario(Target target) {
    return target.point().scenario();
  }

  public static void awaitQuiet(Lab lab, String prefix) {
    boolean _ =
        Polling.within(
            Duration.ofSeconds(30),
            () ->
                isNothingUndelivered(lab)
                    && lab.rows(
                            """
                            SELECT 1 AS it FROM task WHERE name LIKE ? AND (due_at IS NOT NULL OR lease_until > now())
                            UNION ALL SELECT 1 FROM partition p JOIN task t ON t.id = p.task_id
                             WHERE t.name LIKE ? AND (p.due_at IS NOT NULL OR p.lease_until > now())\
                            """,
                            prefix + "-%",
                            prefix + "-%")
                        .isEmpty());
  }

  private static boolean isNothingUndelivered(Lab lab) {
    return !lab.callsBack()
        || lab.rows("SELECT 1 AS it FROM delivery WHERE state = 'PENDING'").isEmpty();
  }

  public static List<String> errors(Lab lab, List<Integer> from) {
    var errors = new ArrayList<String>();
    for (int i = 0; i < lab.replicas().size(); i++) {
      ReplicaProcess replicaProcess = lab.replicas().get(i);
      replicaProcess.logLines().stream()
          .skip(from.get(i))
          .filter(line -> ERROR.matcher(line).matches())
          .filter(line -> !NO_ERROR.matcher(line).matches())
          .forEach(line -> errors.add(replicaProcess.name() + ": " + line));
    }
    return errors;
  }
}
