package dev.arcticsynth.task;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.PartitionEvent.Bisected;
import dev.arcticsynth.task.PartitionEvent.Cancelled;
import dev.arcticsynth.task.PartitionEvent.Failed;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;

/// Replaces a refused partition by its halves, so that in the end the bad request stands alone.
/// Runs in the transaction that records the partition, under the task's lock, which is taken after
/// the partition's.
final class Bisection {

  /// So many halves a partition may end in: a refused file is not billed, but each is uploaded. Two
  /// for each of the 16 levels between 50,000 requests and one leave some for a second bad one.
  static final int MOST_HALVES = 40;

  /// The halves of too large a file are not billed either, and each is needed. A server that
  /// refuses every size is left after so many.
  static final int MOST_HALVES_BY_SIZE = 1_000;

  private static final String COUNT = "SELECT count(*) FROM partition WHERE root_id = :root";

  private static final String HAND_OVER =
      """
      UPDATE request_outcome SET partition_id = :half
       WHERE partition_id = :whole AND state = 'RETRYING' AND seq BETWEEN :first AND :last\
      """;

  private Bisection() {}

  /// Decides whether a partition is halved or fails as a whole.
  static Uni<PartitionEvent> decide(Partition whole, Bisected bisected) {
    return Panache.getSession()
        .chain(session ->
            Settlement.lock(session, whole.taskId())
                .chain(task ->
                    task.state() == TaskState.CANCELLING
                        ? Uni.createFrom().item(new Cancelled())
                        : halves(session, whole).map(made -> decide(whole, bisected, made))));
  }

  private static PartitionEvent decide(Partition whole, Bisected bisected, long made) {
    if (bisected.code().equals(PartitionEvent.FILE_TOO_LARGE)) {
      return made + 2 <= MOST_HALVES_BY_SIZE
          ? bisected
          : new Failed(
              bisected.code(),
              "%s (It was cut into %,d files, and they are still too large.)"
                  .formatted(bisected.reason(), made));
    }
    return mayHalve(made)
        ? bisected
        : new Failed(
            bisected.code(),
            "%s (Which of these %,d requests is at fault is not known: the search for others has used up its %d batches. A retry of the task begins a new one.)"
                .formatted(bisected.reason(), whole.requests(), MOST_HALVES));
  }

  static boolean mayHalve(long made) {
    return made + 2 <= MOST_HALVES;
  }

  private static Uni<Long> halves(Mutiny.Session session, Partition whole) {
    return session
        .createNativeQuery(COUNT, Long.class)
        .setParameter("root", whole.rootId())
        .getSingleResult();
  }

  /// Makes the halves, which take over what the whole held.
  static Uni<Void> handOver(Partition whole, Bisected halves, Instant now) {
    return Panache.getSession()
        .chain(session ->
            Settlement.lock(session, whole.taskId())
                .chain(task -> {
                  int ordinal = task.addPartitions(2);
                  boolean held = task.hold() == HoldPoint.UPLOAD;
                  var left = NewPartitions.halfOf(whole, halves.left(), ordinal, held, now);
                  var right = NewPartitions.halfOf(whole, halves.right(), ordinal + 1, held, now);
                  return session
                      .persistAll(left, right)
                      .chain(session::flush)
                      .chain(() -> take(whole, left))
                      .chain(() -> take(whole, right));
                }));
  }

  private static Uni<Void> take(Partition whole, Partition half) {
    return whole.kind() == PartitionKind.BASE
        ? Uni.createFrom().voidItem()
        : execute(
                HAND_OVER,
                Map.of(
                    "half", half.id(),
                    "whole", whole.id(),
                    "first", half.firstSeq(),
                    "last", half.lastSeq()))
            .replaceWithVoid();
  }
}
