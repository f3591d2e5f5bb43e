package dev.arcticsynth.task;

import static dev.arcticsynth.task.Writes.execute;

import dev.arcticsynth.failpoint.Failpoint;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Partitions and what happens to them. Every method is one transaction.
@ApplicationScoped
public class PartitionRepository implements PanacheRepositoryBase<Partition, UUID> {

  private static final Logger LOG = Logger.getLogger(PartitionRepository.class);

  private final InstantSource clock;
  private final Settlement settlement;
  private final Replica replica;

  PartitionRepository(InstantSource clock, Settlement settlement, Replica replica) {
    this.clock = clock;
    this.settlement = settlement;
    this.replica = replica;
  }

  /// The claimed row as it is now; fails with [LeaseLostException] when it is not ours any more.
  public Uni<Partition> claimed(Claim claim) {
    return Panache.withSession(() ->
        find("id = ?1 and leaseToken = ?2", claim.id(), claim.token())
            .firstResult()
            .onItem()
            .ifNull()
            .failWith(() -> new LeaseLostException("partition", claim.id())));
  }

  /// A task's partitions in order, after an ordinal.
  public Uni<List<Partition>> ofTask(UUID taskId, int afterOrdinal, int limit) {
    return Panache.withSession(() ->
        find("taskId = ?1 and ordinal > ?2", Sort.by("ordinal"), taskId, afterOrdinal)
            .page(0, limit)
            .list());
  }

  /// Records what happened and keeps the lease: the same step goes on.
  public Uni<Partition> record(Claim claim, PartitionEvent event) {
    return fenced(claim, event, p -> Uni.createFrom().voidItem(), false);
  }

  /// Records what happened; the step is over and the row free for the next one.
  public Uni<Partition> conclude(Claim claim, PartitionEvent event) {
    return fenced(claim, event, p -> Uni.createFrom().voidItem(), true);
  }

  /// Records a download: answers, fates and the new state become visible together or not at all.
  public Uni<Partition> conclude(Claim claim, Publication publication) {
    return fenced(claim, publication.event(), p -> publish(p, publication), true);
  }

  /// The one way a partition changes. The first statement checks the lease and locks the row.
  private Uni<Partition> fenced(
      Claim claim, PartitionEvent event, Function<Partition, Uni<Void>> along, boolean release) {
    var now = clock.instant();
    return Panache.withTransaction(() ->
            this.find("id = ?1", claim.id())
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResult()
                .map(found -> held(found, claim))
                .call(partition -> move(partition, event, now))
                .call(along::apply)
                .call(partition -> release ? release(partition, now) : Uni.createFrom().voidItem())
                .call(() -> Panache.getSession().chain(session -> session.flush()))
                .call(partition ->
                    partition.state().isTerminal()
                        ? settlement.afterPartition(partition, now)
                        : Uni.createFrom().voidItem())
                .invoke(() -> Failpoint.hit("partition.", event, ".before-commit")))
        .invoke(() -> Failpoint.hit("partition.", event, ".after-commit"));
  }

  /// A caller who cancelled or submitted while the step was under way has woken nothing. The task
  /// is kept from changing until we commit, so that we hear him or he finds us waiting.
  private static Uni<Void> release(Partition partition, Instant now) {
    partition.release();
    return partition.mayWaitForCaller(now)
        ? Panache.getSession()
            .chain(session -> Settlement.keep(session, partition.taskId()))
            .invoke(task -> partition.heed(task, now))
            .replaceWithVoid()
        : Uni.createFrom().voidItem();
  }

  private static Partition held(Partition found, Claim claim) {
    if (found == null || !found.isHeldBy(claim.token())) {
      throw new LeaseLostException("partition", claim.id());
    }
    return found;
  }

  private Uni<Void> move(Partition partition, PartitionEvent event, Instant now) {
    var before = partition.state();
    partition.apply(event, now);
    if (before != partition.state()) {
      LOG.infof(
          "Partition moved: taskId=%s partitionId=%s provider=%s from=%s to=%s batchId=%s",
          partition.taskId(),
          partition.id(),
          partition.provider(),
          before,
          partition.state(),
          partition.remoteBatchId().orElse(""));
    }
    var attempt = attemptOf(partition, event, now);
    return attempt
        .chain(session -> History.write(partition, event, replica.name(), now))
        .chain(() ->
            partition.state().isTerminal() && partition.kind() == PartitionKind.REPAIR
                ? freeHeldRequests(partition)
                : Uni.createFrom().voidItem());
  }

  private static Uni<Void> attemptOf(Partition partition, PartitionEvent event, Instant now) {
    return Panache.getSession()
        .chain(session -> {
          if (event instanceof PartitionEvent.UploadBegun(String tag)) {
            return session.persist(new Attempt(partition, tag, now));
          }
          if (partition.attempt() == 0) {
            return Uni.createFrom().voidItem();
          }
          return session
              .find(Attempt.class, new Attempt.Key(partition.id(), partition.attempt()))
              .invoke(attempt -> attempt.follow(partition, event, now))
              .replaceWithVoid();
        });
  }

  /// A repair partition that is over holds nothing: what it answered has chunks, what it did not
  /// answer gets new rows, and if it failed or was cancelled as a whole, its rows share that fate.
  private static Uni<Void> freeHeldRequests(Partition partition) {
    return switch (partition.state()) {
      case DOWNLOADED ->
          execute(
                  "DELETE FROM request_outcome WHERE partition_id = :partition AND state = 'RETRYING'",
                  Map.of("partition", partition.id()))
              .replaceWithVoid();
      case FAILED, CANCELLED ->
          execute(
                  """
                  UPDATE request_outcome SET state = :state, code = :code, message = :message
                   WHERE partition_id = :partition AND state = 'RETRYING'\
                  """,
                  Map.of(
                      "state", partition.state().name(),
                      "code", partition.errorCode().orElse("cancelled"),
                      "message", partition.lastError().orElse("Cancelled before it was answered."),
                      "partition", partition.id()))
              .replaceWithVoid();
      default -> throw new IllegalStateException("Not over: " + partition.state());
    };
  }

  private static Uni<Void> publish(Partition partition, Publication publication) {
    return Panache.getSession()
        .chain(session -> session.flush())
        // A blob without a piece is nobody's: it stays open and is swept.
        .chain(() ->
            publication.answers().isEmpty()
                ? Uni.createFrom().voidItem()
                : Writes.publishBlob(publication.blobId()))
        .chain(() -> Writes.resultChunks(partition, publication.blobId(), publication.answers()))
        .chain(() -> Writes.outcomes(partition, publication.unanswered()));
  }

  /// Base partitions that are over without an answer, and whose requests are in nobody's hands
  /// since.
  public Uni<List<Partition>> unanswered(UUID taskId) {
    return Panache.withSession(() ->
        find(
                "taskId = ?1 and kind = ?2 and handedOver = false and state in ?3",
                Sort.by("ordinal"),
                taskId,
                PartitionKind.BASE,
                List.of(PartitionState.FAILED, PartitionState.CANCELLED))
            .list());
  }

  /// How many partitions are with a provider.
  public Uni<Long> inFlight(String provider) {
    return Panache.withSession(() ->
        count(
            "provider = ?1 and state in ?2",
            provider,
            List.of(PartitionState.SUBMITTED, PartitionState.CANCELLING)));
  }

  /// The name of this deployment on the providers' side.
  public Uni<String> deployment() {
    return Panache.withSession(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .createNativeQuery("SELECT id FROM deployment", String.class)
                    .getSingleResult()));
  }

  /// Remote files that a task's attempts left behind.
  public Uni<List<Remains>> remains(UUID taskId) {
    return Panache.withSession(() ->
            Panache.getSession()
                .chain(session ->
                    session
                        .createNativeQuery(
                            """
                            SELECT a.provider, a.remote_file_id, a.answer_files FROM attempt a
                              JOIN partition p ON p.id = a.partition_id WHERE p.task_id = :task\
                            """,
                            Object[].class)
                        .setParameter("task", taskId)
                        .getResultList()))
        .map(rows -> rows.stream().flatMap(row -> Remains.of((Object[]) row)).toList());
  }

  /// A remote file of ours.
  public record Remains(String provider, String fileId) {
    static java.util.stream.Stream<Remains> of(Object[] row) {
      var ids =
          (Optional.ofNullable((String) row[1]).orElse("")
                  + " "
                  + Optional.ofNullable((String) row[2]).orElse(""))
              .split(" ");
      return java.util.Arrays.stream(ids)
          .filter(id -> !id.isEmpty())
          .map(id -> new Remains((String) row[0], id));
    }
  }
}
