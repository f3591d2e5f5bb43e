package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.stage.Failpoints;
import dev.arcticsynth.lab.stage.Lab;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Watches for the strikes while the scenario goes on. Of each it sees how long the others need to
/// take over, and then brings the victim back: a killed one starts again, a stopped one goes on.
///
/// All targets are armed at once, and when one was struck the others are armed again: whichever
/// point comes first has the first victim, and the second strikes while that one is still down.
final class Watch {

  private static final Duration LOOK = Duration.ofMillis(50);

  /// For a zombie to do what it was about to do, where nothing says that it has.
  private static final Duration ZOMBIE_ACTS = Duration.ofSeconds(2);

  private static final Pattern LEASE_LOST = Pattern.compile("[Ll]ease .*\\blost\\b");

  private final Lab lab;
  private final List<Target> open;
  private final AtomicBoolean isOver;
  private final Map<Target, CompletableFuture<Duration>> struck = new HashMap<>();
  private boolean isArmed;

  /// @param targets at different points
  Watch(Lab lab, List<Target> targets, AtomicBoolean isOver) {
    this.lab = lab;
    this.open = new ArrayList<>(targets);
    this.isOver = isOver;
  }

  /// From now on the points may be hit.
  synchronized void arm() {
    isArmed = true;
    lab.failpoints()
        .arm(
            open.stream()
                .map(target -> target.strike().at(target.point().name()))
                .collect(Collectors.joining()));
  }

  synchronized boolean hasStruckAll() {
    return open.isEmpty();
  }

  /// Those that were struck, each with the time for which the victim's rows had no owner; zero when
  /// it had none.
  Map<Target, Duration> run() {
    while (!hasStruckAll() && !isOver.get()) {
      look();
      Polling.pause(LOOK);
    }
    lab.failpoints().takeBack();
    look();
    lab.failpoints().disarm();
    return struck.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().join()));
  }

  private synchronized void look() {
    if (!isArmed || open.isEmpty()) {
      return;
    }
    lab.failpoints()
        .struck()
        .ifPresent(pid -> {
          ReplicaProcess victim = lab.replica(pid).orElseThrow();
          Failpoints.Hit hit = lab.failpoints().strikeAt(pid);
          Target target =
              open.stream()
                  .filter(each -> each.point().name().equals(hit.point()))
                  .findFirst()
                  .orElseThrow();
          boolean _ = open.remove(target);
          if (!open.isEmpty() && !isOver.get()) {
            arm();
          }
          CompletableFuture<Duration> _ =
              struck.put(
                  target,
                  CompletableFuture.supplyAsync(
                      () -> recover(target.strike(), victim, pid, hit.at()),
                      Thread::startVirtualThread));
        });
  }

  private Duration recover(FaultAction faultAction, ReplicaProcess victim, long pid, Instant at) {
    return switch (faultAction) {
      case KILL -> afterKill(victim, pid, at);
      case STOP -> afterStop(victim, pid, at);
    };
  }

  private Duration afterKill(ReplicaProcess victim, long pid, Instant at) {
    if (!victim.exits(Duration.ofSeconds(60))) {
      throw new Polling.StuckException("the end of " + victim);
    }
    boolean held = held(pid) > 0;
    boolean _ = Polling.within(Lab.LEASE.multipliedBy(4), () -> held(pid) == 0);
    Duration recovery = held ? Duration.between(at, Instant.now()) : Duration.ZERO;
    victim.restart();
    return recovery;
  }

  private Duration afterStop(ReplicaProcess victim, long pid, Instant at) {
    int held = held(pid);
    long lost = leasesLost(victim);
    Duration left = Duration.between(Instant.now(), at.plus(Lab.LEASE.multipliedBy(3)));
    if (left.isPositive()) {
      Polling.pause(left);
    }
    victim.signal("CONT");
    // It learns with its next write that what it held is another's.
    boolean _ = Polling.within(ZOMBIE_ACTS, () -> held > 0 && leasesLost(victim) >= lost + held);
    return Duration.ZERO;
  }

  private static long leasesLost(ReplicaProcess replicaProcess) {
    return replicaProcess.logLines().stream()
        .filter(line -> LEASE_LOST.matcher(line).find())
        .count();
  }

  /// Rows that need a holder; a lease on one that is over does no harm.
  private int held(long pid) {
    return lab.rows(
            """
            SELECT 1 AS it FROM partition WHERE lease_owner LIKE ? AND due_at IS NOT NULL
            UNION ALL SELECT 1 FROM task WHERE lease_owner LIKE ? AND due_at IS NOT NULL\
            """,
            pid + "@%",
            pid + "@%")
        .size();
  }
}
