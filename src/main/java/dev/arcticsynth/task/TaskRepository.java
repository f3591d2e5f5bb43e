package dev.arcticsynth.task;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.TaskException.NoSuchTaskException;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.LeaseGuard;
import dev.arcticsynth.task.sql.SessionStatements;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Tasks, as they are. What changes them is in [TaskActions] and [TaskSteps].
@ApplicationScoped
public class TaskRepository implements PanacheRepositoryBase<Task, UUID> {

  public Uni<Task> get(String owner, String name) {
    return Panache.withSession(() ->
        find("owner = ?1 and name = ?2", owner, askable(name))
            .firstResult()
            .onItem()
            .ifNull()
            .failWith(() -> new NoSuchTaskException(name)));
  }

  /// What its requests get where they leave it out, as JSON. Not loaded with the task.
  public Uni<Optional<String>> defaults(UUID taskId) {
    return Panache.withSession(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery("SELECT defaults FROM task WHERE id = ?1", String.class)
                    .setParameter(1, taskId)
                    .getSingleResultOrNull())
            .map(Optional::ofNullable));
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
  public Uni<TaskProgress> progress(Task task) {
    return Panache.withSession(
        () -> Panache.getSession().chain(session -> TaskProgress.read(session, task)));
  }

  public Uni<Task> byId(UUID id) {
    return Panache.withSession(() -> findById(id));
  }

  /// The claimed row as it is now; fails with `LeaseLostException` when it is not ours any more.
  public Uni<Task> claimed(Claim claim) {
    return Panache.withSession(() -> LeaseGuard.read(this, claim));
  }

  /// The row is locked until the transaction ends.
  Uni<Task> locked(String owner, String name) {
    return find("owner = ?1 and name = ?2", owner, askable(name))
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResult()
        .onItem()
        .ifNull()
        .failWith(() -> new NoSuchTaskException(name));
  }

  /// No task has a name with NUL, and PostgreSQL rejects one as a parameter.
  private static String askable(String name) {
    if (name.indexOf('\0') >= 0) {
      throw new NoSuchTaskException(name);
    }
    return name;
  }

  /// One transaction, with a failpoint on either side of its commit.
  static <T> Uni<T> committed(String what, Supplier<Uni<T>> work) {
    return Panache.withTransaction(() ->
            SessionStatements.mayTakeLong()
                .chain(() -> work.get())
                .invoke(() -> Failpoint.hit("task.", what, ".before-commit")))
        .invoke(() -> Failpoint.hit("task.", what, ".after-commit"));
  }
}
