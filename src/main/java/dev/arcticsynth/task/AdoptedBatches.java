package dev.arcticsynth.task;

import dev.arcticsynth.task.PartitionEvent.Adopted;
import dev.arcticsynth.task.PartitionEvent.UploadBegun;
import dev.arcticsynth.task.TaskException.AdoptionRefusedException;
import dev.arcticsynth.task.TaskException.WrongStateException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.reactive.mutiny.Mutiny;

/// Records batches that another client has created as partitions of a task.
@ApplicationScoped
public class AdoptedBatches {

  private static final String UNIQUE_BATCH = "attempt_live_batch";

  private static final String TASKS_OF =
      """
      SELECT a.remote_batch_id, t.name FROM attempt a
        JOIN partition p ON p.id = a.partition_id JOIN task t ON t.id = p.task_id
       WHERE a.provider = $1 AND a.remote_batch_id = ANY ($2)\
      """;

  private final TaskRepository tasks;
  private final PartitionRepository partitions;
  private final Pool pool;
  private final InstantSource clock;

  AdoptedBatches(
      TaskRepository tasks, PartitionRepository partitions, Pool pool, InstantSource clock) {
    this.tasks = tasks;
    this.partitions = partitions;
    this.pool = pool;
    this.clock = clock;
  }

  /// A batch of another client's and the requests that it holds.
  ///
  /// @param createdAt by the provider's clock
  public record AdoptedBatch(PartitionSpec cut, String fileId, String batchId, Instant createdAt) {

    public boolean overlaps(AdoptedBatch other) {
      return cut.model().equals(other.cut.model())
          && cut.endpoint().equals(other.cut.endpoint())
          && cut.firstSeq() <= other.cut.lastSeq()
          && other.cut.firstSeq() <= cut.lastSeq();
    }

    public boolean isOfSameRequests(Partition partition) {
      return cut.equals(partition.cut());
    }

    public boolean isOfSameRequests(AdoptedBatch other) {
      return cut.equals(other.cut);
    }
  }

  /// Those of the batches that are on record, with the names of their tasks.
  public Uni<Map<String, String>> tasksOf(String provider, Collection<String> batches) {
    return pool.preparedQuery(TASKS_OF)
        .execute(Tuple.of(provider).addArrayOfString(batches.toArray(String[]::new)))
        .map(rows -> {
          Map<String, String> known = new HashMap<>();
          rows.forEach(row -> known.put(row.getString(0), row.getString(1)));
          return known;
        });
  }

  /// Seals an open task and cuts it, in one transaction: the batches are partitions that are
  /// submitted, the others, if any, are uploaded and held. Fails with [WrongStateException] where
  /// the task has changed since it was read, and with [AdoptionRefusedException] where another task
  /// has one of the batches.
  ///
  /// @param rest the requests that no batch has
  public Uni<Task> cut(Task seen, List<AdoptedBatch> batches, List<PartitionSpec> rest) {
    return partitions
        .deployment()
        .chain(deployment ->
            TaskRepository.committed(
                "adopt",
                () ->
                    tasks
                        .locked(seen.owner(), seen.name())
                        .invoke(task -> requireUnchanged(task, seen))
                        .call(task ->
                            Panache.getSession()
                                .chain(session ->
                                    cut(session, task, ordered(batches, rest), deployment)))
                        .call(Outbox::settle)))
        .onFailure(AdoptedBatches::isTaken)
        .transform(_ -> new AdoptionRefusedException("Another task has one of these batches."))
        // The framework cancels the work for a closed connection, also in a transaction.
        .memoize()
        .indefinitely();
  }

  private static void requireUnchanged(Task task, Task seen) {
    if (task.state() != TaskState.OPEN
        || !task.id().equals(seen.id())
        || task.requests() != seen.requests()) {
      throw new WrongStateException(
          task.name(), task.state(), "adopt batches for", "it has changed meanwhile; ask again");
    }
  }

  /// A partition and the batch that it has, if any.
  private record Cut(PartitionSpec cut, Optional<AdoptedBatch> batch) {}

  private static List<Cut> ordered(List<AdoptedBatch> batches, List<PartitionSpec> rest) {
    return Stream.concat(
            batches.stream().map(batch -> new Cut(batch.cut(), Optional.of(batch))),
            rest.stream().map(cut -> new Cut(cut, Optional.empty())))
        .sorted(Comparator.comparingLong(cut -> cut.cut().firstSeq()))
        .toList();
  }

  private Uni<Void> cut(Mutiny.Session session, Task task, List<Cut> cuts, String deployment) {
    Instant now = clock.instant();
    // Where all of it was submitted, nothing is left that its caller could hold back.
    task.run(isAll(cuts) ? HoldPoint.NONE : HoldPoint.SUBMIT, now);
    task.cutInto(cuts.size());
    long adopted = cuts.stream().filter(cut -> cut.batch().isPresent()).count();
    return Multi.createFrom()
        .items(IntStream.range(0, cuts.size()).boxed())
        .onItem()
        .transformToUniAndConcatenate(i ->
            persist(
                session,
                new Partition(task.id(), i, task.provider(), cuts.get(i).cut(), 1, false, now),
                cuts.get(i).batch(),
                deployment,
                now))
        .onItem()
        .ignoreAsUni()
        .chain(() ->
            TaskHistory.write(
                task,
                "adopted",
                "batches=%d partitions=%d".formatted(adopted, cuts.size()),
                TaskEvent.CALLER,
                now));
  }

  private static boolean isAll(List<Cut> cuts) {
    return cuts.stream().allMatch(cut -> cut.batch().isPresent());
  }

  /// The row is inserted in the state that it has then, and so is its attempt.
  private static Uni<Void> persist(
      Mutiny.Session session,
      Partition partition,
      Optional<AdoptedBatch> batch,
      String deployment,
      Instant now) {
    if (batch.isEmpty()) {
      return session.persist(partition);
    }
    String tag = new BatchTag(deployment, partition.id(), 1).toString();
    partition.apply(new UploadBegun(tag), now);
    var attempt = new BatchAttempt(partition, tag, now);
    var adopted =
        new Adopted(batch.get().batchId(), batch.get().fileId(), true, batch.get().createdAt());
    partition.apply(adopted, now);
    attempt.follow(partition, adopted, now);
    return session
        .persist(partition)
        .chain(session::flush)
        .chain(() -> session.persist(attempt))
        .chain(() ->
            session.persist(
                new TaskEvent(
                        partition.taskId(),
                        now,
                        TaskEvent.CALLER,
                        "partition." + adopted.apiName(),
                        adopted.batchId())
                    .about(partition.ordinal(), null)));
  }

  private static boolean isTaken(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(UNIQUE_BATCH)) {
        return true;
      }
    }
    return false;
  }
}
