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
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/// Partitions and what happens to them. Every method is one transaction.
@ApplicationScoped
public class PartitionRepository implements PanacheRepositoryBase<Partition, UUID> {

  private static final Logger LOG = Logger.getLogger(PartitionRepository.class);

  private final InstantSource clock;
  private final Settlement settlement;
  private final Replica replica;
  private final Admission admission;
  private final Openings openings;

  PartitionRepository(
      InstantSource clock,
      Settlement settlement,
      Replica replica,
      Admission admission,
      Openings openings) {
    this.clock = clock;
    this.settlement = settlement;
    this.replica = replica;
    this.admission = admission;
    this.openings = openings;
  }

  /// The claimed row as it is now; fails with [LeaseLostException] when it is not ours any more.
  public Uni<Partition> claimed(Claim claim) {
    return Panache.withSession(() -> Fence.read(this, claim));
  }

  /// A task's partitions in order, after an ordinal.
  public Uni<List<Partition>> ofTask(UUID taskId, int afterOrdinal, int limit) {
    return Panache.withSession(() ->
        find("taskId = ?1 and ordinal > ?2", Sort.by("ordinal"), taskId, afterOrdinal)
            .page(0, limit)
            .list());
  }

  /// Records what happened and keeps the lease: the same step goes on, with a whole lease before
  /// it.
  public Uni<Partition> record(Claim claim, PartitionEvent event) {
    return fenced(claim, event, p -> Uni.createFrom().voidItem(), false);
  }

  /// Records what happened; the step is over and the row free for the next one.
  public Uni<Partition> conclude(Claim claim, PartitionEvent event) {
    return fenced(claim, event, p -> Uni.createFrom().voidItem(), true);
  }

  /// Records that a try begins, and keeps the lease; or, where the account has no room or is
  /// parked, that the partition waits, and the row is free.
  public Uni<Partition> begin(Claim claim, Start start) {
    return fenced(
        claim,
        (partition, now) -> admission.decide(partition, start, now),
        p -> Uni.createFrom().voidItem(),
        event -> event instanceof PartitionEvent.HeldBack);
  }

  /// Records that a partition goes on as its halves; or, where it was halved too often, that it has
  /// failed.
  public Uni<Partition> bisect(Claim claim, PartitionEvent.Bisected halves) {
    return fenced(
        claim,
        (partition, now) -> Bisection.decide(partition, halves),
        partition ->
            partition.isHandedOver()
                ? Bisection.handOver(partition, halves, clock.instant())
                : Uni.createFrom().voidItem(),
        event -> true);
  }

  /// Records that a parked partition goes on, or that its account is parked still.
  public Uni<Partition> unpark(Claim claim) {
    return fenced(claim, Admission::unpark, p -> Uni.createFrom().voidItem(), event -> true);
  }

  /// Records a download: answers, fates and the new state become visible together or not at all.
  public Uni<Partition> conclude(Claim claim, Publication publication) {
    return fenced(claim, publication.event(), p -> publish(p, publication), true);
  }

  /// What an auditor found out about a partition that is in nobody's hands, or in those of somebody
  /// who claimed it before a fail-over and can write no more. Empty where it is of no concern to
  /// the partition (any more).
  ///
  /// @param account what the auditor holds
  public Uni<Optional<Partition>> amend(
      Claim account, UUID id, Function<Partition, Optional<PartitionEvent>> found) {
    var now = clock.instant();
    return Panache.withTransaction(() ->
            Fence.lockAccount(account)
                .chain(() -> findById(id, LockModeType.PESSIMISTIC_WRITE))
                .chain(partition -> {
                  var event = Optional.ofNullable(partition).flatMap(found);
                  return event.isEmpty()
                      ? Uni.createFrom().item(Optional.<Moved>empty())
                      : move(partition, event.get(), now)
                          .chain(() -> release(partition, now))
                          .chain(() -> Panache.getSession().chain(session -> session.flush()))
                          .invoke(() -> Failpoint.hit("partition.", event.get(), ".before-commit"))
                          .replaceWith(
                              Optional.of(
                                  new Moved(partition, event.get(), Uni.createFrom().voidItem())));
                }))
        .invoke(
            moved -> moved.ifPresent(m -> Failpoint.hit("partition.", m.event(), ".after-commit")))
        .map(moved -> moved.map(Moved::partition));
  }

  private Uni<Partition> fenced(
      Claim claim, PartitionEvent event, Function<Partition, Uni<Void>> along, boolean release) {
    return fenced(
        claim, (partition, now) -> Uni.createFrom().item(event), along, decided -> release);
  }

  /// The one way a partition changes. The first statement checks the lease and locks the row; what
  /// happens to it may be decided after that.
  private Uni<Partition> fenced(
      Claim claim,
      Decision decision,
      Function<Partition, Uni<Void>> along,
      Predicate<PartitionEvent> releases) {
    var now = clock.instant();
    return Panache.withTransaction(() ->
            Fence.lock(this, claim)
                .chain(partition ->
                    decision.of(partition, now).chain(event -> move(partition, event, now)))
                .call(moved -> along.apply(moved.partition()))
                .call(moved ->
                    releases.test(moved.event())
                        ? release(moved.partition(), now)
                        : keep(moved.partition(), claim, now))
                .call(() -> Panache.getSession().chain(session -> session.flush()))
                .call(moved ->
                    moved.partition().state().isTerminal()
                        ? settlement.afterPartition(moved.partition(), now)
                        : Uni.createFrom().voidItem())
                .invoke(moved -> Failpoint.hit("partition.", moved.event(), ".before-commit")))
        .invoke(moved -> Failpoint.hit("partition.", moved.event(), ".after-commit"))
        .call(Moved::afterwards)
        .map(Moved::partition);
  }

  /// What happens to a partition, decided while its row is locked.
  private interface Decision {
    Uni<PartitionEvent> of(Partition partition, Instant now);
  }

  /// @param afterwards what is to be done when it is committed
  private record Moved(Partition partition, PartitionEvent event, Uni<Void> afterwards) {}

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

  private static Uni<Void> keep(Partition partition, Claim claim, Instant now) {
    partition.keepUntil(now.plus(claim.lease()));
    return Uni.createFrom().voidItem();
  }

  private Uni<Moved> move(Partition partition, PartitionEvent event, Instant now) {
    var before = partition.state();
    var waited = partition.waitReason();
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
    // Only the beginning of a wait is history.
    boolean isNews =
        !(event instanceof PartitionEvent.HeldBack || event instanceof PartitionEvent.Stored)
            || !waited.equals(partition.waitReason());
    return Attempts.follow(partition, event, now)
        .chain(() ->
            isNews
                ? History.write(partition, event, replica.name(), now)
                : Uni.createFrom().voidItem())
        .chain(() ->
            partition.state().isTerminal()
                    && partition.kind() == PartitionKind.REPAIR
                    && !partition.isHandedOver()
                ? freeHeldRequests(partition)
                : Uni.createFrom().voidItem())
        .chain(() -> admission.heed(partition, event, before, now))
        .map(isMended -> {
          boolean hasLeft = before.isInFlight() && !partition.state().isInFlight();
          Uni<Void> nothing = Uni.createFrom().voidItem();
          return new Moved(
              partition,
              event,
              (isMended ? openings.mended(partition.provider(), now) : nothing)
                  .chain(() -> hasLeft ? openings.left(partition, now) : nothing));
        });
  }

  /// A repair partition that is over holds nothing: what it answered has chunks, what it did not
  /// answer gets new rows, and if it failed or was cancelled as a whole, its rows share that fate.
  private static Uni<Void> freeHeldRequests(Partition partition) {
    return switch (partition.state()) {
      case DOWNLOADED ->
          execute(
                  "DELETE FROM request_outcome WHERE partition_id = :partition AND state ="
                      + " 'RETRYING'",
                  Map.of("partition", partition.id()))
              .replaceWithVoid();
      case FAILED ->
          share(
              partition,
              partition.errorCode().orElse("failed"),
              partition.lastError().orElse("The provider refused it."));
      case CANCELLED ->
          stopOf(partition.taskId()).chain(stop -> share(partition, stop.code(), stop.message()));
      default -> throw new IllegalStateException("Not over: " + partition.state());
    };
  }

  private static Uni<Void> share(Partition partition, String code, String message) {
    return execute(
            """
            UPDATE request_outcome SET state = :state, code = :code, message = :message
             WHERE partition_id = :partition AND state = 'RETRYING'\
            """,
            Map.of(
                "state",
                partition.state().name(),
                "code",
                code,
                "message",
                message,
                "partition",
                partition.id()))
        .replaceWithVoid();
  }

  /// Not by loading the task: what is locked afterwards must be read under the lock.
  private static Uni<Stop> stopOf(UUID taskId) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery("SELECT stopped_by FROM task WHERE id = :task", String.class)
                .setParameter("task", taskId)
                .getSingleResultOrNull())
        .map(stop -> stop == null ? Stop.CALLER : Stop.valueOf(stop));
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
}
