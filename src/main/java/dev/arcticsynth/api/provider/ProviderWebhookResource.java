package dev.arcticsynth.api.provider;

import dev.arcticsynth.api.http.RequestBodies;
import dev.arcticsynth.callback.secret.IncomingWebhook;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Receives a provider's webhooks for ended batches, signed as in the Standard Webhooks.
@Path("/v1/providers/{provider}/webhook")
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class ProviderWebhookResource {

  private static final int MAX_BYTES = 64 * 1024;

  private final ProviderWebhooks webhooks;
  private final RequestBodies bodies;

  @Context HttpServerRequest request;

  ProviderWebhookResource(ProviderWebhooks webhooks, RequestBodies bodies) {
    this.webhooks = webhooks;
    this.bodies = bodies;
  }

  @POST
  @Operation(
      summary = "For providers: a batch has ended; it is polled now instead of at the due time")
  public Uni<Void> take(
      @RestPath String provider,
      @HeaderParam("webhook-id") @Nullable String id,
      @HeaderParam("webhook-timestamp") @Nullable String timestamp,
      @HeaderParam("webhook-signature") @Nullable String signatures) {
    if (!webhooks.listensTo(provider)) {
      return Uni.createFrom().failure(new NotFoundException());
    }
    return bodies.whole(
        request,
        MAX_BYTES,
        body -> webhooks.take(provider, new IncomingWebhook(id, timestamp, signatures, body)));
  }
}
