package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.stage.Lab;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Watches for the strike while the scenario goes on, sees how long the others need to take over,
/// and then brings the victim back: a killed one starts again, a stopped one goes on.
final class Watch {

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Lab lab;
  private final FaultAction faultAction;
  private final AtomicBoolean isOver;

  Watch(Lab lab, FaultAction faultAction, AtomicBoolean isOver) {
    this.lab = lab;
    this.faultAction = faultAction;
    this.isOver = isOver;
  }

  /// How long the victim's rows were nobody's; zero when it had none.
  Duration run() {
    Optional<Long> struck = lab.failpoints().struck();
    while (struck.isEmpty()) {
      if (isOver.get()) {
        return Duration.ZERO;
      }
      Polling.pause(LOOK);
      struck = lab.failpoints().struck();
    }
    long pid = struck.get();
    ReplicaProcess victim = lab.replica(pid).orElseThrow();
    Instant at = lab.failpoints().struckAt(pid);
    return switch (faultAction) {
      case KILL -> afterKill(victim, pid, at);
      case STOP -> afterStop(victim, at);
    };
  }

  private Duration afterKill(ReplicaProcess victim, long pid, Instant at) {
    if (!victim.exits(Duration.ofSeconds(60))) {
      throw new Polling.StuckException("the end of " + victim);
    }
    boolean held = holds(pid);
    boolean _ = Polling.within(Lab.LEASE.multipliedBy(4), () -> !holds(pid));
    Duration recovery = held ? Duration.between(at, Instant.now()) : Duration.ZERO;
    victim.restart();
    return recovery;
  }

  private Duration afterStop(ReplicaProcess victim, Instant at) {
    Duration left = Duration.between(Instant.now(), at.plus(Lab.LEASE.multipliedBy(3)));
    if (left.isPositive()) {
      Polling.pause(left);
    }
    victim.signal("CONT");
    return Duration.ZERO;
  }

  /// Rows that need somebody; a lease on one that is over is in nobody's way.
  private boolean holds(long pid) {
    return !lab.rows(
            """
            SELECT 1 AS it FROM partition WHERE lease_owner LIKE ? AND due_at IS NOT NULL
            UNION ALL SELECT 1 FROM task WHERE lease_owner LIKE ? AND due_at IS NOT NULL\
            """,
            pid + "@%",
            pid + "@%")
        .isEmpty();
  }
}
