package dev.arcticsynth.lab.chaos;

import dev.arcticsynth.lab.chaos.ChaosPlan.Blow;
import dev.arcticsynth.lab.crash.Round;
import dev.arcticsynth.lab.environment.EnvironmentFault;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A random round: a scenario, a provider in a bad mood, and some kills.
final class ChaosRound {

  private final Lab lab;
  private final ChaosPlan plan;
  private final String prefix;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final TreeMap<String, Integer> phases = new TreeMap<>();
  private boolean isDatabaseStruck;

  private ChaosRound(Lab lab, ChaosPlan plan, String prefix) {
    this.lab = lab;
    this.plan = plan;
    this.prefix = prefix;
  }

  /// @param phases how many kills there were while a partition stood in which state
  record Outcome(
      int kills,
      TreeMap<String, Integer> phases,
      Duration took,
      List<Violation> breaches,
      String dump) {}

  static Outcome run(Lab lab, ChaosPlan plan, String prefix) {
    return new ChaosRound(lab, plan, prefix).run();
  }

  private Outcome run() {
    lab.awaitReplicas(2);
    lab.simulator().noFaults();
    lab.failpoints().disarm();
    plan.faults().forEach(lab.simulator()::fault);
    Instant begun = Instant.now();
    List<Integer> logs =
        lab.replicas().stream().map(replicaProcess -> replicaProcess.logLines().size()).toList();
    var stage = new Stage(lab, prefix, () -> {});
    var killing = CompletableFuture.supplyAsync(this::kill, Thread::startVirtualThread);
    int kills;
    try {
      plan.scenario().drive(stage);
    } finally {
      isOver.set(true);
      kills = killing.join();
    }
    lab.failpoints().disarm();
    lab.simulator().noFaults();
    lab.awaitReplicas(lab.replicas().size());
    Round.awaitQuiet(lab, prefix);
    List<String> errors =
        Round.errors(lab, logs).stream()
            .filter(line -> !isDatabaseStruck || !EnvironmentFault.DATABASE_KILLED.explains(line))
            .toList();
    List<Violation> breaches =
        Oracle.judge(EvidenceCollector.of(lab, prefix, stage.expected(), errors));
    return new Outcome(
        kills,
        phases,
        Duration.between(begun, Instant.now()),
        breaches,
        breaches.isEmpty() ? "" : FailureDump.of(lab, prefix));
  }

  private int kill() {
    int kills = 0;
    for (Blow blow : plan.blows()) {
      if (blow.order().isEmpty()) {
        Polling.pause(blow.after());
        if (isOver.get()) {
          break;
        }
        note();
        strike(blow);
        kills++;
      } else {
        kills += await(blow) ? 1 : 0;
      }
    }
    supervise();
    return kills;
  }

  /// As a supervisor in production does: a replica that was being started when the database died is
  /// started again.
  private void supervise() {
    while (!isOver.get()) {
      lab.reviveReplicas();
      Polling.pause(Duration.ofMillis(200));
    }
  }

  private void strike(Blow blow) {
    switch (blow.victim()) {
      case A -> again(lab.replicas().get(0));
      case B -> again(lab.replicas().get(1));
      case BOTH -> {
        lab.replicas().forEach(ReplicaProcess::kill);
        lab.replicas().forEach(ReplicaProcess::restart);
      }
      case DATABASE -> {
        isDatabaseStruck = true;
        lab.postgres().killHard();
        lab.postgres().start();
      }
      case SIMULATOR -> {
        lab.simulator().killHard();
        lab.simulator().start();
      }
    }
  }

  /// Until the process that hits the point is dead, or none did for as long as a round usually
  /// takes.
  private boolean await(Blow blow) {
    lab.failpoints().arm(blow.order());
    boolean _ =
        Polling.within(
            Duration.ofSeconds(8), () -> isOver.get() || lab.failpoints().struck().isPresent());
    @Nullable ReplicaProcess victim = lab.failpoints().struck().flatMap(lab::replica).orElse(null);
    if (victim == null) {
      return false;
    }
    note();
    boolean _ = victim.exits(Duration.ofSeconds(60));
    again(victim);
    return true;
  }

  private static void again(ReplicaProcess victim) {
    victim.kill();
    victim.restart();
  }

  private void note() {
    try {
      lab.rows(
              "SELECT DISTINCT p.state FROM partition p JOIN task t ON t.id = p.task_id WHERE t.name LIKE ?",
              prefix + "-%")
          .forEach(row -> {
            int _ = phases.merge(row.getOrDefault("state", ""), 1, Integer::sum);
          });
    } catch (IllegalStateException e) {
      int _ = phases.merge("DATABASE_DOWN", 1, Integer::sum);
    }
  }
}
