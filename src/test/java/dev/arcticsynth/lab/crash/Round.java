package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.evidence.Oracle;
import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.stage.EvidenceCollector;
import dev.arcticsynth.lab.stage.FailureDump;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// One scenario with one strike, and the verdict.
public record Round(Point point, FaultAction strike) {

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration ZOMBIE_ACTS = Duration.ofSeconds(2);
  private static final Pattern ERROR = Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\S+ ERROR .*");

  /// The framework calls these errors. A connection that breaks is news of the network, and heals;
  /// a caller who hangs up while his results are written is the caller's business.
  private static final Pattern NO_ERROR =
      Pattern.compile(
          ".*ConnectionBase] .*Connection reset.*|.*VertxCoreRecorder] .*(Response has already been written|Result is already complete).*");

  /// How it went.
  ///
  /// @param wasStruck whether the point was hit at all
  /// @param recovery until nothing that the victim held was held by it any more; zero when it held
  ///   nothing
  /// @param dump for people, when there is a breach
  record Verdict(
      boolean wasStruck, Duration recovery, Duration took, List<Violation> breaches, String dump) {}

  String title() {
    return "%s at %s in %s".formatted(strike, point.name(), point.scenario());
  }

  Verdict run(Lab lab) {
    lab.awaitReplicas(2);
    lab.simulator().noFaults();
    lab.failpoints().disarm();
    Instant begun = Instant.now();
    List<Integer> logs =
        lab.replicas().stream().map(replicaProcess -> replicaProcess.logLines().size()).toList();
    String prefix = "t" + NUMBER.incrementAndGet() + "-" + Long.toString(begun.toEpochMilli(), 36);
    var stage = new Stage(lab, prefix, () -> lab.failpoints().arm(strike.at(point.name())));
    var isOver = new AtomicBoolean();
    var watch =
        CompletableFuture.supplyAsync(
            () -> new Watch(lab, strike, isOver).run(), Thread::startVirtualThread);
    Duration recovery;
    boolean wasStruck;
    try {
      point.scenario().drive(stage);
      // A point that is hit in passing, like a sweep, may come after the task's end.
      wasStruck =
          Polling.within(Duration.ofSeconds(5), () -> lab.failpoints().struck().isPresent());
    } finally {
      isOver.set(true);
      recovery = watch.join();
    }
    if (strike == FaultAction.STOP && wasStruck) {
      Polling.pause(ZOMBIE_ACTS);
    }
    awaitQuiet(lab, prefix);
    List<String> errors = errors(lab, logs);
    var evidence = EvidenceCollector.of(lab, prefix, stage.expected(), errors);
    List<Violation> breaches = Oracle.judge(evidence);
    return new Verdict(
        wasStruck,
        recovery,
        Duration.between(begun, Instant.now()),
        breaches,
        breaches.isEmpty() ? "" : FailureDump.of(lab, prefix));
  }

  public static void awaitQuiet(Lab lab, String prefix) {
    boolean _ =
        Polling.within(
            Duration.ofSeconds(30),
            () ->
                isNothingOwed(lab)
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

  private static boolean isNothingOwed(Lab lab) {
    return !lab.callsBack()
        || lab.rows("SELECT 1 AS it FROM delivery WHERE state = 'PENDING'").isEmpty();
  }

  public static List<String> errors(Lab lab, List<Integer> from) {
    var errors = new java.util.ArrayList<String>();
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
