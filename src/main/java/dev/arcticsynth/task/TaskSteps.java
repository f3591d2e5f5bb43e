package dev.arcticsynth.task;

import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.LeaseGuard;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToIntFunction;
import org.hibernate.reactive.mutiny.Mutiny;

/// The flow's changes of claimed tasks. Every method is one transaction, checks the lease first and
/// releases it; it fails with `LeaseLostException`.
@ApplicationScoped
public class TaskSteps {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final TaskRepository tasks;
  private final InstantSource clock;
  private final Settlement settlement;
  private final RetryConfig retry;
  private final Replica replica;

  TaskSteps(
      TaskRepository tasks,
      InstantSource clock,
      Settlement settlement,
      RetryConfig retry,
      Replica replica) {
    this.tasks = tasks;
    this.clock = clock;
    this.settlement = settlement;
    this.retry = retry;
    this.replica = replica;
  }

  /// Split is done: the partitions exist from now on.
  public Uni<Task> split(Claim claim, List<PartitionSpec> cuts) {
    return guarded(
        "split",
        claim,
        (session, task) -> {
          if (task.isSplit()) {
            throw new IllegalStateException("Task " + task.id() + " is split already.");
          }
          task.cutInto(cuts.size());
          return session
              .persistAll(NewPartitions.of(task, cuts, 0, clock.instant()).toArray())
              .chain(() ->
                  TaskHistory.write(
                      task,
                      "split",
                      "partitions=%d requests=%d".formatted(cuts.size(), task.requests()),
                      replica.name(),
                      clock.instant()));
        });
  }

  /// Packs requests that wait for a retry into repair partitions of at most the given size, if
  /// there is time for a retry.
  public Uni<Task> repair(Claim claim, RepairLimits limits) {
    var now = clock.instant();
    return guarded(
        "repair",
        claim,
        (session, task) -> {
          if (task.state() == TaskState.CANCELLING) {
            return RepairPacker.giveUp(task);
          }
          return task.endsWithin(retry.minWindow(), now)
              ? RepairPacker.leave(task)
                  .chain(left -> recordRepair(task, "repair_too_late", "requests", left))
              : RepairPacker.pack(session, task, limits, now)
                  .chain(made -> recordRepair(task, "repair", "partitions", made));
        });
  }

  private Uni<Void> recordRepair(Task task, String what, String of, int count) {
    return count == 0
        ? Uni.createFrom().voidItem()
        : TaskHistory.write(task, what, of + "=" + count, replica.name(), clock.instant());
  }

  /// A task that was due without a remaining reason.
  public Uni<Task> settleAndRelease(Claim claim) {
    return TaskRepository.committed(
        "settle", () -> LeaseGuard.lock(tasks, claim).invoke(task -> task.release(claim.dueAt())));
  }

  private Uni<Task> guarded(String what, Claim claim, Change change) {
    var now = clock.instant();
    return TaskRepository.committed(
        what,
        () ->
            LeaseGuard.lock(tasks, claim)
                .invoke(task -> task.release(claim.dueAt()))
                .call(task -> Panache.getSession().chain(session -> change.apply(session, task)))
                .call(task ->
                    Panache.getSession().chain(session -> settlement.settle(session, task, now)))
                .invoke(task -> task.lookAgain(now.plus(LOOK_AGAIN))));
  }

  /// A change of a locked task, in the transaction that holds the lock.
  private interface Change {
    Uni<Void> apply(Mutiny.Session session, Task task);
  }

  /// Limits of a repair partition.
  ///
  /// @param maxFileBytes of its file on the wire
  /// @param growth bytes that a line of a model may need more on the wire than it is known to have
  public record RepairLimits(int maxRequests, long maxFileBytes, ToIntFunction<String> growth) {

    boolean fit(String model, int requests, long bytes) {
      return requests <= maxRequests
          && bytes + (long) requests * growth.applyAsInt(model) <= maxFileBytes;
    }
  }
}
