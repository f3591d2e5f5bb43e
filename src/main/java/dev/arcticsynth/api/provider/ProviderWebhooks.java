package dev.arcticsynth.api.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.callback.secret.IncomingWebhook;
import dev.arcticsynth.callback.secret.Secret;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.task.Wakeups;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Handles webhooks of providers. They only trigger a poll; their content is not trusted.
@Startup
@ApplicationScoped
class ProviderWebhooks {

  private static final Set<String> ENDS =
      Set.of("batch.completed", "batch.failed", "batch.expired", "batch.cancelled");

  private final Map<String, Secret> secrets;
  private final Wakeups wakeups;
  private final InstantSource clock;
  private final ObjectMapper json;

  ProviderWebhooks(
      ProvidersConfig config, Wakeups wakeups, InstantSource clock, ObjectMapper json) {
    var known = new HashMap<String, Secret>();
    config
        .byName()
        .forEach((name, settings) ->
            settings.webhookSecret().ifPresent(text -> known.put(name, secret(name, text))));
    this.secrets = Map.copyOf(known);
    this.wakeups = wakeups;
    this.clock = clock;
    this.json = json;
  }

  boolean listensTo(String provider) {
    return secrets.containsKey(provider);
  }

  /// Makes the batch's partition due, if the message reports the end of a batch of ours. Fails with
  /// [InvalidSignatureException].
  Uni<Void> take(String provider, IncomingWebhook message) {
    if (!message.isFrom(
        Optional.ofNullable(secrets.get(provider)).orElseThrow(), clock.instant())) {
      return Uni.createFrom().failure(new InvalidSignatureException(provider));
    }
    try {
      JsonNode event = json.readTree(message.body());
      String batch = event.path("data").path("id").asText("");
      return ENDS.contains(event.path("type").asText()) && batch.indexOf('\0') < 0
          ? wakeups.batch(provider, batch)
          : Uni.createFrom().voidItem();
    } catch (IOException e) {
      return Uni.createFrom().failure(e);
    }
  }

  private static Secret secret(String provider, String text) {
    return Secret.foreign(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "arctic.providers.%s.webhook-secret is not whsec_ and base64."
                    .formatted(provider)));
  }
}
