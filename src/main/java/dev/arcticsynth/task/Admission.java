package dev.arcticsynth.task;

import dev.arcticsynth.task.PartitionEvent.Full;
import dev.arcticsynth.task.PartitionEvent.Parked;
import dev.arcticsynth.task.PartitionEvent.Unparked;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/// Lets partitions begin, as far as the account behind them can be used and has room, and keeps in
/// mind what its provider says of it. In the transaction of whoever records the partition.
@ApplicationScoped
class Admission {

  private final TokenLimits limits;

  Admission(TokenLimits limits) {
    this.limits = limits;
  }

  /// What happens to a partition that is about to begin: what was asked for, or that it is held
  /// back.
  Uni<PartitionEvent> decide(Partition partition, Start start, Instant now) {
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
  static Uni<PartitionEvent> unpark(Partition partition, Instant now) {
    return Parking.look(partition)
        .map(park ->
            park.filter(parked -> !parked.isOver(now))
                .map(Parking.Park::heldBack)
                .orElseGet(Unparked::new));
  }

  /// Keeps in mind what an event says of the account; true when it works again.
  ///
  /// @param before the partition's state before the event
  Uni<Boolean> heed(Partition partition, PartitionEvent event, PartitionState before, Instant now) {
    return switch (event) {
      case Full full -> limits.learn(partition, full.limit(), now).replaceWith(false);
      case Parked parked ->
          Parking.park(partition, parked, before == PartitionState.SUBMITTED).replaceWith(false);
      default -> Parking.proven(partition, event);
    };
  }
}
