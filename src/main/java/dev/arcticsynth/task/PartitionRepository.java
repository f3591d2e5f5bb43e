package dev.arcticsynth.task;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.LeaseGuard;
import dev.arcticsynth.task.payload.Publication;
import dev.arcticsynth.task.payload.ResultManifest;
import io.quarkus.arc.All;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Partitions and their events. Every method is one transaction.
@ApplicationScoped
public class PartitionRepository implements PanacheRepositoryBase<Partition, UUID> {

  private static final Logger LOG = Logger.getLogger(PartitionRepository.class);

  private final InstantSource clock;
  private final Settlement settlement;
  private final List<PartitionObserver> observers;

  PartitionRepository(
      InstantSource clock, Settlement settlement, @All List<PartitionObserver> observers) {
    this.clock = clock;
    this.settlement = settlement;
    this.observers = observers;
  }

  /// What happens to a partition, decided in the transaction that records it, while its row is
  /// locked.
  public interface Decision {
    Uni<PartitionEvent> of(Partition partition, Instant now);
  }

  /// The claimed row as it is now; fails with `LeaseLostException` when it is not ours any more.
  public Uni<Partition> claimed(Claim claim) {
    return Panache.withSession(() -> LeaseGuard.read(this, claim));
  }

  /// The claimed rows as they are now, by id; those that are not ours any more are missing.
  public Uni<Map<UUID, Partition>> claimed(Collection<Claim> claims) {
    return Panache.withSession(
            () -> list("leaseToken in ?1", claims.stream().map(Claim::token).toList()))
        .map(found -> found.stream().collect(Collectors.toMap(Partition::id, Function.identity())));
  }

  /// A task's partitions in order, after an ordinal.
  public Uni<List<Partition>> ofTask(UUID taskId, int afterOrdinal, int limit) {
    return Panache.withSession(() ->
        find("taskId = ?1 and ordinal > ?2", Sort.by("ordinal"), taskId, afterOrdinal)
            .page(0, limit)
            .list());
  }

  /// All of a task's partitions, in order, in memory: a kilobyte each.
  public Uni<List<Partition>> allOf(UUID taskId) {
    return Panache.withSession(() -> list("taskId", Sort.by("ordinal"), taskId));
  }

  /// Records an event and renews the lease: the same step continues.
  public Uni<Partition> record(Claim claim, PartitionEvent event) {
    return guarded(claim, event, p -> Uni.createFrom().voidItem(), false);
  }

  /// Records an event and releases the lease: the step is over.
  public Uni<Partition> conclude(Claim claim, PartitionEvent event) {
    return guarded(claim, event, p -> Uni.createFrom().voidItem(), true);
  }

  /// Records that a batch attempt begins, and renews the lease; or, where admission defers the
  /// partition, records the wait and releases the lease.
  public Uni<Partition> begin(Claim claim, Decision decision) {
    return guarded(
        claim,
        decision,
        p -> Uni.createFrom().voidItem(),
        event -> event instanceof PartitionEvent.AdmissionDeferred);
  }

  /// Records that a partition is replaced by its halves; or, where it was halved too often, that it
  /// has failed.
  public Uni<Partition> bisect(Claim claim, PartitionEvent.Bisected halves) {
    return guarded(
        claim,
        (partition, now) -> Bisection.decide(partition, halves),
        partition ->
            partition.isHandedOver()
                ? Bisection.handOver(partition, halves, clock.instant())
                : Uni.createFrom().voidItem(),
        event -> true);
  }

  /// Records an event that is decided while the row is locked, and releases the lease: the step is
  /// over.
  public Uni<Partition> conclude(Claim claim, Decision decision) {
    return guarded(claim, decision, p -> Uni.createFrom().voidItem(), event -> true);
  }

  /// Records that the provider has the batch, and releases the lease: the step is over. Providers
  /// that count from 1 after a restart give an id twice.
  ///
  /// @param isProven its own file tells that the batch is the partition's; else the id must be new
  /// @param taken what happens where another partition has a batch of that id
  public Uni<Partition> conclude(
      Claim claim, PartitionEvent.Submitted submitted, boolean isProven, PartitionEvent taken) {
    return guarded(
        claim,
        (partition, now) ->
            BatchAttempts.isTaken(partition, submitted.batchId(), isProven)
                .map(isTaken -> isTaken ? taken : submitted),
        p -> Uni.createFrom().voidItem(),
        event -> true);
  }

  /// Records a download: answers, fates and the new state become visible together or not at all.
  public Uni<Partition> conclude(Claim claim, Publication publication) {
    var downloaded =
        new PartitionEvent.Downloaded(
            publication.succeeded(),
            publication.failed(),
            publication.waiting(),
            publication.inputTokens(),
            publication.outputTokens());
    return guarded(claim, downloaded, p -> publish(p, publication), true);
  }

  /// Records an auditor's event for a partition without a lease, or with one from before a
  /// fail-over, which permits no writes. Empty where the partition has moved on.
  ///
  /// @param account the auditor's claim
  public Uni<Optional<Partition>> amend(
      Claim account, UUID id, Function<Partition, Optional<PartitionEvent>> found) {
    var now = clock.instant();
    return Panache.withTransaction(() ->
            LeaseGuard.lockAccount(account)
                .chain(() -> findById(id, LockModeType.PESSIMISTIC_WRITE))
                .chain(partition -> {
                  var event = Optional.ofNullable(partition).flatMap(found);
                  return event.isEmpty()
                      ? Uni.createFrom().item(Optional.<PartitionChange>empty())
                      : move(partition, event.get(), now)
                          .call(() -> release(partition, now))
                          .call(() -> Panache.getSession().chain(session -> session.flush()))
                          .invoke(() ->
                              Failpoint.hit("partition.", event.get().apiName(), ".before-commit"))
                          .map(Optional::of);
                }))
        .invoke(moved ->
            moved.ifPresent(m -> Failpoint.hit("partition.", m.event().apiName(), ".after-commit")))
        .map(moved -> moved.map(PartitionChange::partition));
  }

  /// Records that a batch of the partition's file was created by another client. Empty where the
  /// partition has moved on, or a step holds it.
  public Uni<Optional<Partition>> adopt(UUID id, PartitionEvent.Adopted event) {
    var now = clock.instant();
    return Panache.withTransaction(() ->
            this.findById(id, LockModeType.PESSIMISTIC_WRITE)
                .chain(partition ->
                    partition == null || !isHeld(partition, event)
                        ? Uni.createFrom().item(Optional.<PartitionChange>empty())
                        : move(partition, event, now)
                            .call(() -> Panache.getSession().chain(session -> session.flush()))
                            .invoke(() -> Failpoint.hit("partition.adopted.before-commit"))
                            .map(Optional::of)))
        .invoke(moved -> moved.ifPresent(_ -> Failpoint.hit("partition.adopted.after-commit")))
        .map(moved -> moved.map(PartitionChange::partition))
        .memoize()
        .indefinitely();
  }

  private static boolean isHeld(Partition partition, PartitionEvent.Adopted event) {
    boolean isOfFile =
        event.callersIds() || partition.remoteFileId().filter(event.fileId()::equals).isPresent();
    return partition.state() == PartitionState.UPLOADING && isOfFile && !partition.isLeased();
  }

  private Uni<Partition> guarded(
      Claim claim, PartitionEvent event, Function<Partition, Uni<Void>> along, boolean release) {
    return guarded(
        claim, (partition, now) -> Uni.createFrom().item(event), along, decided -> release);
  }

  /// The one way a partition changes. The first statement checks the lease and locks the row; what
  /// happens to it may be decided after that.
  private Uni<Partition> guarded(
      Claim claim,
      Decision decision,
      Function<Partition, Uni<Void>> along,
      Predicate<PartitionEvent> releases) {
    var now = clock.instant();
    return Panache.withTransaction(() ->
            LeaseGuard.lock(this, claim)
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
                .invoke(moved ->
                    Failpoint.hit("partition.", moved.event().apiName(), ".before-commit")))
        .invoke(moved -> Failpoint.hit("partition.", moved.event().apiName(), ".after-commit"))
        .call(PartitionChange::committed)
        .map(PartitionChange::partition);
  }

  /// A cancel or submit during the step found nothing to wake. The task is locked until we commit,
  /// so that either this step sees the action or the action finds the waiting row.
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

  private Uni<PartitionChange> move(Partition partition, PartitionEvent event, Instant now) {
    var change = PartitionChange.of(partition, event, now);
    if (change.isMove()) {
      LOG.infof(
          "Partition moved: taskId=%s partitionId=%s provider=%s from=%s to=%s batchId=%s",
          partition.taskId(),
          partition.id(),
          partition.provider(),
          change.before(),
          partition.state(),
          partition.remoteBatchId().orElse(""));
    }
    return Multi.createFrom()
        .iterable(observers)
        .onItem()
        .transformToUniAndConcatenate(observer -> observer.inTransaction(change))
        .onItem()
        .ignoreAsUni()
        .replaceWith(change);
  }

  private static Uni<Void> publish(Partition partition, Publication publication) {
    return Panache.getSession()
        .chain(session -> session.flush())
        .chain(() ->
            ResultManifest.publish(
                partition.taskId(),
                partition.id(),
                partition.model(),
                partition.endpoint(),
                publication));
  }

  /// Base partitions that are over without an answer, and whose requests no other partition has.
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
