package dev.arcticsynth.pipeline;

import dev.arcticsynth.callback.delivery.Delivery;
import dev.arcticsynth.callback.delivery.DeliveryRepository;
import dev.arcticsynth.callback.delivery.DeliveryService;
import dev.arcticsynth.callback.delivery.DeliveryState;
import dev.arcticsynth.callback.secret.UnreadableSecretException;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.LeaseLostException;
import dev.arcticsynth.task.lease.Replica;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Sends a webhook for the end of a task. If the process dies between sending and recording, the
/// next holder of the lease sends it again, under the same id.
@ApplicationScoped
class DeliverCallback {

  private static final Logger LOG = Logger.getLogger(DeliverCallback.class);

  private final DeliveryRepository deliveries;
  private final DeliveryService sender;
  private final Replica replica;

  DeliverCallback(DeliveryRepository deliveries, DeliveryService sender, Replica replica) {
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
        .invoke(DeliverCallback::log)
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
