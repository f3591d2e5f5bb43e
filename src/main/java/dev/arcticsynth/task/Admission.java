package dev.arcticsynth.task;

import dev.arcticsynth.task.PartitionEvent.Full;
import dev.arcticsynth.task.PartitionEvent.Parked;
import dev.arcticsynth.task.PartitionEvent.Unparked;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/// Lets partitions begin, as far as the account behind them can be used and has room, and keeps in
/// mind what its provider says of it. In the transaction of whoever records the partition.
@ApplicationScoped
@Priority(PartitionObserver.ACCOUNT)
public class Admission implements PartitionObserver {

  private final TokenLimits limits;
  private final Openings openings;

  Admission(TokenLimits limits, Openings openings) {
    this.limits = limits;
    this.openings = openings;
  }

  /// What happens to a partition that is about to begin: what was asked for, or that it is held
  /// back.
  public PartitionRepository.Decision decide(Start start) {
    return (partition, now) -> decide(partition, start, now);
  }

  private Uni<PartitionEvent> decide(Partition partition, Start start, Instant now) {
    return Parking.look(partition)
        .chain(park -> {
          if (park.filter(parked -> !parked.isOver(now)).isPresent()) {
            return Uni.createFrom().item(park.get().heldBack());
          }
          return (start.enqueues() || start.ways().size() > 1
                  ? limits.choose(partition, start, now)
                  : Uni.createFrom().item(start.ways().getFirst().event()))
              .call(event ->
                  park.isPresent() && !(event instanceof PartitionEvent.HeldBack)
                      ? Parking.probe(partition, now)
                      : Uni.createFrom().voidItem());
        });
  }

  /// A parked partition goes on when the account's time is over; which one tries is decided when
  /// they begin.
  public static Uni<PartitionEvent> unpark(Partition partition, Instant now) {
    return Parking.look(partition)
        .map(park ->
            park.filter(parked -> !parked.isOver(now))
                .map(Parking.Park::heldBack)
                .orElseGet(Unparked::new));
  }

  /// Keeps in mind what an event says of the account. What waits for it is woken after the commit.
  @Override
  public Uni<Void> inTransaction(PartitionChange change) {
    var partition = change.partition();
    return heed(change)
        .invoke(isMended -> {
          if (isMended) {
            change.afterCommit(() -> openings.mended(partition.provider(), change.at()));
          }
          if (change.leavesFlight()) {
            change.afterCommit(() -> openings.left(partition, change.at()));
          }
        })
        .replaceWithVoid();
  }

  /// True when the account works again.
  private Uni<Boolean> heed(PartitionChange change) {
    var partition = change.partition();
    return switch (change.event()) {
      case Full full -> limits.learn(partition, full.limit(), change.at()).replaceWith(false);
      case Parked parked ->
          Parking.park(partition, parked, change.before() == PartitionState.SUBMITTED)
              .replaceWith(false);
      case PartitionEvent event -> Parking.proven(partition, event);
    };
  }
}
