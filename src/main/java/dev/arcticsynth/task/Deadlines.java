package dev.arcticsynth.task;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.lease.LeaseLostException;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/// Stops tasks at their deadline.
///
/// Every step checks here first, so that nothing is begun for a task after its deadline, even if
/// the task's own row is due a moment after its partition's.
@ApplicationScoped
public class Deadlines {

  private final InstantSource clock;
  private final Settlement settlement;
  private final Replica replica;

  Deadlines(InstantSource clock, Settlement settlement, Replica replica) {
    this.clock = clock;
    this.settlement = settlement;
    this.replica = replica;
  }

  /// The task, stopped where its deadline has passed. Stopping is the same as a caller's cancel,
  /// with another reason.
  public Uni<Task> heed(Task task) {
    var now = clock.instant();
    return task.isLate(now)
        ? Panache.withTransaction(() ->
                Panache.getSession()
                    .chain(session -> stop(session, task, now))
                    .invoke(() -> Failpoint.hit("task.deadline.before-commit")))
            .invoke(() -> Failpoint.hit("task.deadline.after-commit"))
        : Uni.createFrom().item(task);
  }

  private Uni<Task> stop(Mutiny.Session session, Task task, Instant now) {
    return Settlement.lock(session, task.id())
        .onItem()
        .ifNull()
        .failWith(() -> new LeaseLostException("task", task.id()))
        .call(locked ->
            locked.expire(now)
                ? TaskHistory.write(locked, "deadline_exceeded", null, replica.name(), now)
                    .chain(() -> settlement.settle(session, locked, now))
                : Uni.createFrom().voidItem());
  }
}
