package dev.arcticsynth.callback.delivery;

import dev.arcticsynth.callback.secret.CallbackSecrets;
import dev.arcticsynth.failpoint.Failpoint;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/// Sends deliveries and records the outcomes.
@ApplicationScoped
public class DeliveryService {

  private final DeliveryRepository deliveries;
  private final CallbackSecrets secrets;
  private final WebhookClient client;

  DeliveryService(DeliveryRepository deliveries, CallbackSecrets secrets, WebhookClient client) {
    this.deliveries = deliveries;
    this.secrets = secrets;
    this.client = client;
  }

  /// One attempt. Empty where the lease was lost meanwhile, and then nothing is recorded. Fails
  /// with `UnreadableSecretException` before anything is sent.
  ///
  /// @param actor who sends it, for the history
  public Uni<Optional<Delivery>> deliver(Delivery delivery, UUID token, String actor) {
    return secrets
        .of(delivery.callbackId())
        .invoke(() -> Failpoint.hit("callback.before-send"))
        .chain(signing -> client.send(delivery.message(), signing))
        .invoke(() -> Failpoint.hit("callback.after-reply"))
        .chain(deliveryOutcome -> deliveries.record(delivery.id(), token, deliveryOutcome, actor));
  }
}
