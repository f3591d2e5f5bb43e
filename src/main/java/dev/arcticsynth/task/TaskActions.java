package dev.arcticsynth.task;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.TaskException.RepeatedIdsException;
import dev.arcticsynth.task.TaskException.TaskExistsException;
import dev.arcticsynth.task.payload.IngestedRequests;
import dev.arcticsynth.task.payload.PayloadBlobs;
import dev.arcticsynth.task.payload.RequestManifest;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// The callers' actions on tasks. Every method is one transaction.
@ApplicationScoped
public class TaskActions {

  private static final String UNIQUE_NAME = "task_owner_name_key";

  private final TaskRepository tasks;
  private final InstantSource clock;

  TaskActions(TaskRepository tasks, InstantSource clock) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /// A task without requests.
  public Uni<Task> create(NewTask newTask) {
    return toTheEnd(
        TaskRepository.committed("create", () -> insert(newTask))
            .onFailure()
            .transform(e -> named(e, newTask)));
  }

  /// Fails with [TaskExistsException] where the name is taken.
  public Uni<Void> requireFree(NewTask newTask) {
    return Panache.withSession(
            () -> tasks.count("owner = ?1 and name = ?2", newTask.owner(), newTask.name()))
        .invoke(taken -> {
          if (taken > 0) {
            throw new TaskExistsException(newTask.name());
          }
        })
        .replaceWithVoid();
  }

  /// A task with its requests, committed together.
  ///
  /// @param run seal and run it
  public Uni<Task> create(NewTask newTask, IngestedRequests ingestedRequests, boolean run) {
    return TaskRepository.committed(
            "submit",
            () ->
                insert(newTask)
                    .call(task -> append(task, ingestedRequests))
                    .call(task -> run ? run(task, HoldPoint.NONE, "submitted") : nothing()))
        .onFailure()
        .transform(e -> named(e, newTask));
  }

  /// More requests for an open task: all of them or none.
  public Uni<Task> append(String owner, String name, IngestedRequests ingestedRequests) {
    return change("append", owner, name, (session, task) -> append(task, ingestedRequests));
  }

  /// Seals the task and runs it up to a hold. The task's own step wakes partitions that a hold has
  /// stopped: it is due in the same transaction, so that a crash after the commit loses no wake-up.
  public Uni<Task> run(String owner, String name, HoldPoint until) {
    return change(
        "run",
        owner,
        name,
        (session, task) ->
            run(task, until, until == HoldPoint.NONE ? "submitted" : "upload_asked"));
  }

  public Uni<Task> cancel(String owner, String name) {
    return change(
        "cancel",
        owner,
        name,
        (session, task) -> {
          task.cancel(clock.instant());
          return TaskHistory.write(task, "cancel_asked", null, TaskEvent.CALLER, clock.instant());
        });
  }

  /// Retries failed and cancelled requests, with all attempts again. Those whose answers are at the
  /// provider and could not be used have these read again, without a new batch.
  public Uni<Task> retry(String owner, String name) {
    return change(
        "retry",
        owner,
        name,
        (session, task) -> {
          task.reopen(clock.instant());
          return readAgain(session, task)
              .chain(() ->
                  execute(
                      """
                      UPDATE request_outcome SET state = 'WAITING', tries = 0
                       WHERE task_id = :task AND state IN ('FAILED', 'CANCELLED')\
                      """,
                      Map.of("task", task.id())))
              .chain(() -> recut(session, task))
              .chain(() ->
                  TaskHistory.write(task, "retry_asked", null, TaskEvent.CALLER, clock.instant()));
        });
  }

  /// Deletes a task that is over, except for its blobs, which are returned for the store to delete.
  /// They have no references from then on: those that are not deleted then are collected as
  /// orphans.
  public Uni<List<UUID>> delete(String owner, String name) {
    return TaskRepository.committed(
        "delete",
        () ->
            tasks
                .locked(owner, name)
                .invoke(Task::requireOver)
                .call(Outbox::forget)
                .chain(task ->
                    PayloadBlobs.retire(task.id())
                        .call(() -> Panache.getSession().chain(session -> session.remove(task)))));
  }

  private Uni<Task> change(String what, String owner, String name, Change change) {
    return toTheEnd(
        TaskRepository.committed(
            what,
            () ->
                tasks
                    .locked(owner, name)
                    .call(task ->
                        Panache.getSession()
                            .chain(session -> change.apply(session, task).chain(session::flush)))
                    .call(Outbox::settle)));
  }

  /// The framework cancels the work for a closed connection. In the middle of a transaction that
  /// would leave a database connection with locks that are never released.
  private static <T> Uni<T> toTheEnd(Uni<T> work) {
    return work.memoize().indefinitely();
  }

  private Uni<Task> insert(NewTask newTask) {
    var task = new Task(newTask, clock.instant());
    return tasks
        .persistAndFlush(task)
        .call(() -> newTask.callback().map(Outbox::register).orElseGet(TaskActions::nothing))
        .call(() -> TaskHistory.write(task, "created", null, TaskEvent.CALLER, clock.instant()));
  }

  private Uni<Void> append(Task task, IngestedRequests ingestedRequests) {
    if (ingestedRequests.requests() == 0) {
      return nothing();
    }
    boolean mayRepeat = task.hasExplicitIds() && ingestedRequests.hasExplicitIds();
    long first = task.append(ingestedRequests);
    return (mayRepeat ? noRepeats(task, ingestedRequests) : nothing())
        .chain(() -> RequestManifest.append(task.id(), ingestedRequests, first))
        .chain(() ->
            TaskHistory.write(
                task,
                "appended",
                "requests=%d first=%d".formatted(ingestedRequests.requests(), first),
                TaskEvent.CALLER,
                clock.instant()));
  }

  private static Uni<Void> noRepeats(Task task, IngestedRequests ingestedRequests) {
    return RequestManifest.repeatedHashes(task.id(), ingestedRequests)
        .invoke(hashes -> {
          if (!hashes.isEmpty()) {
            throw new RepeatedIdsException(hashes);
          }
        })
        .replaceWithVoid();
  }

  private Uni<Void> run(Task task, HoldPoint until, String what) {
    task.run(until, clock.instant());
    return task.state() == TaskState.COMPLETED
        ? nothing()
        : TaskHistory.write(task, what, null, TaskEvent.CALLER, clock.instant());
  }

  private Uni<Void> readAgain(Mutiny.Session session, Task task) {
    return execute(
            """
            UPDATE request_outcome o SET state = 'RETRYING' FROM partition p
             WHERE o.task_id = :task AND o.state = 'FAILED' AND p.id = o.partition_id AND p.kind = 'REPAIR'
               AND p.state = 'FAILED' AND p.error_code = :unreadable AND NOT p.handed_over\
            """,
            Map.of("task", task.id(), "unreadable", Partition.UNREADABLE))
        .chain(() ->
            session
                .createSelectionQuery(
                    "from Partition where taskId = ?1 and state = FAILED and errorCode = ?2 and handedOver = false order by ordinal",
                    Partition.class)
                .setParameter(1, task.id())
                .setParameter(2, Partition.UNREADABLE)
                .getResultList())
        .chain(unread ->
            Multi.createFrom()
                .iterable(unread)
                .onItem()
                .transformToUniAndConcatenate(this::readAgain)
                .onItem()
                .ignoreAsUni())
        .chain(session::flush);
  }

  private Uni<Void> readAgain(Partition partition) {
    var event = new PartitionEvent.ReadAgain();
    partition.apply(event, clock.instant());
    return TaskHistory.write(partition, event, TaskEvent.CALLER, clock.instant());
  }

  /// Base partitions that failed or were cancelled as a whole are replaced by copies.
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
          var cuts = over.stream().map(Partition::cut).toList();
          return session.persistAll(
              NewPartitions.of(task, cuts, task.addPartitions(cuts.size()), clock.instant())
                  .toArray());
        });
  }

  private static Throwable named(Throwable failure, NewTask newTask) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(UNIQUE_NAME)) {
        return new TaskExistsException(newTask.name());
      }
    }
    return failure;
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }

  /// A change of a locked task, in the transaction that holds the lock.
  private interface Change {
    Uni<Void> apply(Mutiny.Session session, Task task);
  }
}
