package dev.arcticsynth.task.quota;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionChange;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.Bisected;
import dev.arcticsynth.task.PartitionEvent.Parked;
import dev.arcticsynth.task.PartitionEvent.QuotaExceeded;
import dev.arcticsynth.task.PartitionEvent.Unparked;
import dev.arcticsynth.task.PartitionObserver;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/// Admits partitions, as far as their account works and has capacity, and learns from the
/// provider's answers. Runs in the transaction that records the partition.
@ApplicationScoped
@Priority(PartitionObserver.ACCOUNT)
public class Admission implements PartitionObserver {

  private final TokenLimits limits;
  private final CapacityWakeups capacityWakeups;
  private final AccountSettings settings;

  Admission(TokenLimits limits, CapacityWakeups capacityWakeups, AccountSettings settings) {
    this.settings = settings;
    this.limits = limits;
    this.capacityWakeups = capacityWakeups;
  }

  /// Decides on a partition that is about to begin: the requested event, or a deferral.
  public PartitionRepository.Decision decide(AdmissionRequest admissionRequest) {
    return (partition, now) -> decide(partition, admissionRequest, now);
  }

  private Uni<PartitionEvent> decide(
      Partition partition, AdmissionRequest admissionRequest, Instant now) {
    return AccountCircuitBreaker.look(partition, settings.fingerprint(partition.provider()))
        .chain(park -> {
          if (park.filter(parked -> !parked.isOver(now)).isPresent()) {
            return Uni.createFrom().item(park.get().deferred());
          }
          return (admissionRequest.enqueues() || admissionRequest.candidates().size() > 1
                  ? limits.choose(partition, admissionRequest, now)
                  : Uni.createFrom().item(admissionRequest.candidates().getFirst().event()))
              .call(event ->
                  park.isPresent() && !(event instanceof PartitionEvent.AdmissionDeferred)
                      ? AccountCircuitBreaker.probe(partition, now)
                      : Uni.createFrom().voidItem());
        });
  }

  /// A parked partition is due when the account's pause is over; which one probes is decided when
  /// they begin.
  public Uni<PartitionEvent> unpark(Partition partition, Instant now) {
    return AccountCircuitBreaker.look(partition, settings.fingerprint(partition.provider()))
        .map(park ->
            park.filter(parked -> !parked.isOver(now))
                .map(AccountCircuitBreaker.Park::deferred)
                .orElseGet(Unparked::new));
  }

  /// Learns from an event about the account. Partitions that wait for it are woken after the
  /// commit.
  @Override
  public Uni<Void> inTransaction(PartitionChange change) {
    var partition = change.partition();
    return heed(change)
        .invoke(isMended -> {
          if (isMended) {
            change.afterCommit(() -> capacityWakeups.mended(partition.provider(), change.at()));
          }
          if (change.leavesFlight()) {
            change.afterCommit(() -> capacityWakeups.left(partition, change.at()));
          }
        })
        .replaceWithVoid();
  }

  /// True when the account works again.
  private Uni<Boolean> heed(PartitionChange change) {
    var partition = change.partition();
    return switch (change.event()) {
      case QuotaExceeded full ->
          limits.learn(partition, full.limit(), change.at()).replaceWith(false);
      case Parked parked ->
          AccountCircuitBreaker.park(
                  partition,
                  parked,
                  settings.fingerprint(partition.provider()),
                  change.before() == PartitionState.SUBMITTED)
              .replaceWith(false);
      // What was halved before anything was sent says nothing new.
      case Bisected(String code, _, _, _)
          when code.equals(PartitionEvent.FILE_TOO_LARGE)
              && change.before() != PartitionState.READY ->
          FileSizeLimits.learn(partition, change.at()).replaceWith(false);
      case PartitionEvent event -> AccountCircuitBreaker.proven(partition, event);
    };
  }
}
