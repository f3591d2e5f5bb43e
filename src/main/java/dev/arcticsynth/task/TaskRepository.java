package dev.arcticsynth.task;

import static dev.arcticsynth.task.Writes.execute;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.TaskException.NoSuchTaskException;
import dev.arcticsynth.task.TaskException.RepeatedIdsException;
import dev.arcticsynth.task.TaskException.TaskExistsException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.hibernate.reactive.mutiny.Mutiny;

/// Tasks: what their callers do to them and what the flow does for them. Every method is one
/// transaction.
@ApplicationScoped
public class TaskRepository implements PanacheRepositoryBase<Task, UUID> {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final String UNIQUE_NAME = "task_owner_name_key";

  private static final String REPEATED =
      """
      SELECT h FROM request_ids, unnest(hashes) h
       WHERE task_id = :task AND h IN (SELECT f FROM request_ids, unnest(hashes) f WHERE blob_id = :blob) LIMIT 100\
      """;

  private final InstantSource clock;
  private final Settlement settlement;
  private final RetryConfig retry;
  private final Replica replica;

  TaskRepository(InstantSource clock, Settlement settlement, RetryConfig retry, Replica replica) {
    this.clock = clock;
    this.settlement = settlement;
    this.retry = retry;
    this.replica = replica;
  }

  // What callers do.

  /// A task without requests.
  public Uni<Task> create(NewTask wish) {
    return toTheEnd(
        committed("create", () -> insert(wish)).onFailure().transform(e -> named(e, wish)));
  }

  /// Fails with [TaskExistsException] where the name is taken.
  public Uni<Void> requireFree(NewTask wish) {
    return Panache.withSession(() -> count("owner = ?1 and name = ?2", wish.owner(), wish.name()))
        .invoke(taken -> {
          if (taken > 0) {
            throw new TaskExistsException(wish.name());
          }
        })
        .replaceWithVoid();
  }

  /// A task with its requests, visible together: the caller's one call.
  ///
  /// @param run seal it and let it run
  public Uni<Task> create(NewTask wish, Append append, boolean run) {
    return committed(
            "submit",
            () ->
                insert(wish)
                    .call(task -> append(task, append))
                    .call(task -> run ? run(task, Hold.NONE, "submitted") : nothing()))
        .onFailure()
        .transform(e -> named(e, wish));
  }

  /// More requests for an open task: all of them or none.
  public Uni<Task> append(String owner, String name, Append append) {
    return change("append", owner, name, (session, task) -> append(task, append));
  }

  /// Seals the task and lets it run up to a hold. The task's own step wakes what a hold has
  /// stopped: it is due in the same transaction, so that nobody has to survive the commit.
  public Uni<Task> run(String owner, String name, Hold until) {
    return change(
        "run",
        owner,
        name,
        (session, task) -> run(task, until, until == Hold.NONE ? "submitted" : "upload_asked"));
  }

  public Uni<Task> cancel(String owner, String name) {
    return change(
        "cancel",
        owner,
        name,
        (session, task) -> {
          task.cancel(clock.instant());
          return History.write(task, "cancel_asked", null, TaskEvent.CALLER, clock.instant());
        });
  }

  /// Failed and cancelled requests get another round of tries.
  public Uni<Task> retry(String owner, String name) {
    return change(
        "retry",
        owner,
        name,
        (session, task) -> {
          task.reopen(clock.instant());
          return execute(
                  """
                  UPDATE request_outcome SET state = 'WAITING', tries = 0
                   WHERE task_id = :task AND state IN ('FAILED', 'CANCELLED')\
                  """,
                  Map.of("task", task.id()))
              .chain(() -> recut(session, task))
              .chain(() ->
                  History.write(task, "retry_asked", null, TaskEvent.CALLER, clock.instant()));
        });
  }

  /// Forgets a task that is over, except for its blobs, which are returned for the store to delete.
  /// They count no more from this moment: what is not deleted then, the sweeper finds.
  public Uni<List<UUID>> delete(String owner, String name) {
    return committed(
        "delete",
        () ->
            locked(owner, name)
                .invoke(Task::requireOver)
                .call(Outbox::forget)
                .chain(task ->
                    blobsOf(task)
                        .call(Writes::retireBlobs)
                        .call(() -> Panache.getSession().chain(session -> session.remove(task)))));
  }

  public Uni<Task> get(String owner, String name) {
    return Panache.withSession(() ->
        find("owner = ?1 and name = ?2", owner, askable(name))
            .firstResult()
            .onItem()
            .ifNull()
            .failWith(() -> new NoSuchTaskException(name)));
  }

  /// An owner's tasks, the newest first, those after a task in that order.
  public Uni<List<Task>> page(String owner, Optional<Task> after, int limit) {
    var newestFirst = Sort.descending("createdAt", "id");
    return Panache.withSession(() ->
        after
            .map(last ->
                find(
                    "owner = ?1 and (createdAt < ?2 or (createdAt = ?2 and id < ?3))",
                    newestFirst,
                    owner,
                    last.createdAt(),
                    last.id()))
            .orElseGet(() -> find("owner = ?1", newestFirst, owner))
            .page(0, limit)
            .list());
  }

  /// What happened, in order, after an event.
  public Uni<List<TaskEvent>> events(UUID taskId, long afterId, int limit) {
    return Panache.withSession(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createSelectionQuery(
                        "from TaskEvent where taskId = ?1 and id > ?2 order by id", TaskEvent.class)
                    .setParameter(1, taskId)
                    .setParameter(2, afterId)
                    .setMaxResults(limit)
                    .getResultList()));
  }

  /// Partitions of a task by state, with their claims and what is next.
  public Uni<Progress> progress(Task task) {
    return Panache.withSession(
        () -> Panache.getSession().chain(session -> Progress.read(session, task)));
  }

  // What the flow does.

  public Uni<Task> byId(UUID id) {
    return Panache.withSession(() -> findById(id));
  }

  /// The claimed row as it is now; fails with [LeaseLostException] when it is not ours any more.
  public Uni<Task> claimed(Claim claim) {
    return Panache.withSession(() -> Fence.read(this, claim));
  }

  /// Split is done: the partitions exist from now on.
  public Uni<Task> split(Claim claim, List<Cut> cuts) {
    return fenced(
        "split",
        claim,
        (session, task) -> {
          if (task.isSplit()) {
            throw new IllegalStateException("Task " + task.id() + " is split already.");
          }
          task.cutInto(cuts.size());
          return insertPartitions(session, task, cuts, 0, 1)
              .chain(() ->
                  History.write(
                      task,
                      "split",
                      "partitions=%d requests=%d".formatted(cuts.size(), task.requests()),
                      replica.name(),
                      clock.instant()));
        });
  }

  /// Packs requests that wait for another try into repair partitions of at most the given size, if
  /// there is time for another try.
  public Uni<Task> repair(Claim claim, RepairLimits limits) {
    var now = clock.instant();
    return fenced(
        "repair",
        claim,
        (session, task) -> {
          if (task.state() == TaskState.CANCELLING) {
            return Repairs.giveUp(task);
          }
          return task.endsWithin(retry.minWindow(), now)
              ? Repairs.leave(task).chain(left -> told(task, "repair_too_late", "requests", left))
              : Repairs.pack(session, task, limits, now)
                  .chain(made -> told(task, "repair", "partitions", made));
        });
  }

  private Uni<Void> told(Task task, String what, String of, int count) {
    return count == 0
        ? nothing()
        : History.write(task, what, of + "=" + count, replica.name(), clock.instant());
  }

  /// A task that was due without a reason any more.
  public Uni<Task> settleAndRelease(Claim claim) {
    return committed(
        "settle", () -> Fence.lock(this, claim).invoke(task -> task.release(claim.dueAt())));
  }

  private Uni<Task> fenced(String what, Claim claim, Change change) {
    var now = clock.instant();
    return committed(
        what,
        () ->
            Fence.lock(this, claim)
                .invoke(task -> task.release(claim.dueAt()))
                .call(task -> Panache.getSession().chain(session -> change.apply(session, task)))
                .call(task ->
                    Panache.getSession().chain(session -> settlement.settle(session, task, now)))
                .invoke(task -> task.lookAgain(now.plus(LOOK_AGAIN))));
  }

  private static <T> Uni<T> committed(String what, Supplier<Uni<T>> work) {
    return Panache.withTransaction(() ->
            Writes.mayTakeLong()
                .chain(() -> work.get())
                .invoke(() -> Failpoint.hit("task.", what, ".before-commit")))
        .invoke(() -> Failpoint.hit("task.", what, ".after-commit"));
  }

  private Uni<Task> change(String what, String owner, String name, Change change) {
    return toTheEnd(
        committed(
            what,
            () ->
                locked(owner, name)
                    .call(task ->
                        Panache.getSession()
                            .chain(session -> change.apply(session, task).chain(session::flush)))
                    .call(Outbox::settle)));
  }

  /// The framework cancels what it does for a caller who goes away. In the middle of a transaction
  /// that leaves a connection with locks which nobody gives back.
  private static <T> Uni<T> toTheEnd(Uni<T> work) {
    return work.memoize().indefinitely();
  }

  private Uni<Task> locked(String owner, String name) {
    return find("owner = ?1 and name = ?2", owner, askable(name))
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> new NoSuchTaskException(name));
  }

  /// No task has a name with NUL, and PostgreSQL cannot even be asked for one.
  private static String askable(String name) {
    if (name.indexOf('\0') >= 0) {
      throw new NoSuchTaskException(name);
    }
    return name;
  }

  private Uni<Task> insert(NewTask wish) {
    var task = new Task(wish, clock.instant());
    return persistAndFlush(task)
        .call(() -> wish.callback().map(Outbox::register).orElseGet(TaskRepository::nothing))
        .call(() -> History.write(task, "created", null, TaskEvent.CALLER, clock.instant()));
  }

  private Uni<Void> append(Task task, Append append) {
    if (append.requests() == 0) {
      return nothing();
    }
    boolean mayRepeat = task.hasExplicitIds() && append.hasExplicitIds();
    long first = task.append(append);
    return (mayRepeat ? noRepeats(task, append) : nothing())
        .chain(() -> Writes.publishBlob(append.blobId()))
        .chain(() -> Writes.requestChunks(task.id(), append.blobId(), append.pieces(), first))
        .chain(() ->
            execute(
                "UPDATE request_ids SET task_id = :task WHERE blob_id = :blob",
                Map.of("task", task.id(), "blob", append.blobId())))
        .chain(() ->
            History.write(
                task,
                "appended",
                "requests=%d first=%d".formatted(append.requests(), first),
                TaskEvent.CALLER,
                clock.instant()));
  }

  /// Under the task's lock, so that two callers who append at once cannot slip the same id in.
  private static Uni<Void> noRepeats(Task task, Append append) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(REPEATED, Long.class)
                .setParameter("task", task.id())
                .setParameter("blob", append.blobId())
                .getResultList())
        .invoke(hashes -> {
          if (!hashes.isEmpty()) {
            throw new RepeatedIdsException(hashes);
          }
        })
        .replaceWithVoid();
  }

  private Uni<Void> run(Task task, Hold until, String what) {
    task.run(until, clock.instant());
    return task.state() == TaskState.COMPLETED
        ? nothing()
        : History.write(task, what, null, TaskEvent.CALLER, clock.instant());
  }

  /// Base partitions that failed or were cancelled as a whole hand their requests to twins.
  private Uni<Void> recut(Mutiny.Session session, Task task) {
    return session
        .createSelectionQuery(
            """
            from Partition where taskId = ?1 and kind = BASE and handedOver = false
             and state in (FAILED, CANCELLED) order by ordinal\
            """,
            Partition.class)
        .setParameter(1, task.id())
        .getResultList()
        .chain(over -> {
          over.forEach(Partition::handOver);
          var cuts =
              over.stream()
                  .map(p ->
                      new Cut(
                          p.kind(),
                          p.model(),
                          p.endpoint(),
                          p.firstSeq(),
                          p.lastSeq(),
                          p.requests(),
                          p.wireBytes()))
                  .toList();
          return insertPartitions(session, task, cuts, task.addPartitions(cuts.size()), 1);
        });
  }

  private Uni<Void> insertPartitions(
      Mutiny.Session session, Task task, List<Cut> cuts, int firstOrdinal, int tries) {
    var now = clock.instant();
    var rows = new Object[cuts.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          new Partition(
              task.id(),
              firstOrdinal + i,
              task.provider(),
              cuts.get(i),
              tries,
              task.hold() == Hold.UPLOAD,
              now);
    }
    return session.persistAll(rows);
  }

  private static Uni<List<UUID>> blobsOf(Task task) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(
                    """
                    SELECT DISTINCT blob_id FROM request_chunk WHERE task_id = :task
                    UNION SELECT DISTINCT blob_id FROM result_chunk WHERE task_id = :task\
                    """,
                    UUID.class)
                .setParameter("task", task.id())
                .getResultList());
  }

  private static Throwable named(Throwable failure, NewTask wish) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(UNIQUE_NAME)) {
        return new TaskExistsException(wish.name());
      }
    }
    return failure;
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }

  /// What is done to a locked task, in the transaction that holds the lock.
  private interface Change {
    Uni<Void> apply(Mutiny.Session session, Task task);
  }
}
