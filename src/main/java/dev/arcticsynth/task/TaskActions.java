package dev.arcticsynth.task;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.TaskException.RepeatedIdsException;
import dev.arcticsynth.task.TaskException.TaskExistsException;
import dev.arcticsynth.task.payload.IngestedRequests;
import dev.arcticsynth.task.payload.PayloadBlobs;
import dev.arcticsynth.task.payload.RequestManifest;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// What callers do to their tasks. Every method is one transaction.
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
  public Uni<Task> create(NewTask wish) {
    return toTheEnd(
        TaskRepository.committed("create", () -> insert(wish))
            .onFailure()
            .transform(e -> named(e, wish)));
  }

  /// Fails with [TaskExistsException] where the name is taken.
  public Uni<Void> requireFree(NewTask wish) {
    return Panache.withSession(
            () -> tasks.count("owner = ?1 and name = ?2", wish.owner(), wish.name()))
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
  public Uni<Task> create(NewTask wish, IngestedRequests ingestedRequests, boolean run) {
    return TaskRepository.committed(
            "submit",
            () ->
                insert(wish)
                    .call(task -> append(task, ingestedRequests))
                    .call(task -> run ? run(task, HoldPoint.NONE, "submitted") : nothing()))
        .onFailure()
        .transform(e -> named(e, wish));
  }

  /// More requests for an open task: all of them or none.
  public Uni<Task> append(String owner, String name, IngestedRequests ingestedRequests) {
    return change("append", owner, name, (session, task) -> append(task, ingestedRequests));
  }

  /// Seals the task and lets it run up to a hold. The task's own step wakes what a hold has
  /// stopped: it is due in the same transaction, so that nobody has to survive the commit.
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
                  TaskHistory.write(task, "retry_asked", null, TaskEvent.CALLER, clock.instant()));
        });
  }

  /// Forgets a task that is over, except for its blobs, which are returned for the store to delete.
  /// They count no more from this moment: what is not deleted then, the sweeper finds.
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

  /// The framework cancels what it does for a caller who goes away. In the middle of a transaction
  /// that leaves a connection with locks which nobody gives back.
  private static <T> Uni<T> toTheEnd(Uni<T> work) {
    return work.memoize().indefinitely();
  }

  private Uni<Task> insert(NewTask wish) {
    var task = new Task(wish, clock.instant());
    return tasks
        .persistAndFlush(task)
        .call(() -> wish.callback().map(Outbox::register).orElseGet(TaskActions::nothing))
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
          var cuts = over.stream().map(Partition::cut).toList();
          return session.persistAll(
              Partition.of(task, cuts, task.addPartitions(cuts.size()), clock.instant()).toArray());
        });
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
