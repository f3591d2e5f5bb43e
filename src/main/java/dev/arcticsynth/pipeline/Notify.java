package dev.arcticsynth.pipeline;

import dev.arcticsynth.callback.CallbackSender;
import dev.arcticsynth.callback.Delivery;
import dev.arcticsynth.callback.DeliveryRepository;
import dev.arcticsynth.callback.DeliveryState;
import dev.arcticsynth.callback.UnreadableSecretException;
import dev.arcticsynth.task.Claim;
import dev.arcticsynth.task.LeaseLostException;
import dev.arcticsynth.task.Replica;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Tells a caller that a task is over. Should we die between the sending and the record, the next
/// one sends it again, under the same id.
@ApplicationScoped
class Notify {

  private static final Logger LOG = Logger.getLogger(Notify.class);

  private final DeliveryRepository deliveries;
  private final CallbackSender sender;
  private final Replica replica;

  Notify(DeliveryRepository deliveries, CallbackSender sender, Replica replica) {
    this.deliveries = deliveries;
    this.sender = sender;
    this.replica = replica;
  }

  Uni<Void> run(Claim claim) {
    return deliveries
        .claimed(claim.id(), claim.token())
        .map(delivery -> held(claim, delivery))
        .chain(delivery -> sender.deliver(delivery, claim.token(), replica.name()))
        .onFailure(UnreadableSecretException.class)
        .recoverWithUni(unreadable -> {
          LOG.error(unreadable.getMessage());
          return deliveries.putOff(claim.id(), claim.token());
        })
        .map(delivery -> held(claim, delivery))
        .invoke(Notify::log)
        .replaceWithVoid();
  }

  private static Delivery held(Claim claim, Optional<Delivery> delivery) {
    return delivery.orElseThrow(() -> new LeaseLostException("delivery", claim.id()));
  }

  private static void log(Delivery delivery) {
    if (delivery.state() != DeliveryState.PENDING) {
      LOG.infof(
          "Callback %s: webhookId=%s host=%s",
          delivery.state() == DeliveryState.DEAD ? "given up" : "delivered",
          delivery.webhookId(),
          delivery.host());
    }
  }
}
