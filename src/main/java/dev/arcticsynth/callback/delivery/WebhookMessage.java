package dev.arcticsynth.callback.delivery;

import dev.arcticsynth.callback.destination.Destination;
import dev.arcticsynth.callback.secret.Secret;
import dev.arcticsynth.callback.secret.Signature;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.List;

/// A webhook to send, and its url.
///
/// @param id the header `webhook-id`
/// @param body the bytes that are signed and sent, the same at each attempt
/// @param earlierAttempts how many attempts there were already
record WebhookMessage(String id, String url, byte[] body, int earlierAttempts) {

  private static final String USER_AGENT = "ArcticSynth-Callback/1";

  /// One attempt's headers and bytes.
  record Signed(MultiMap headers, Buffer body) {}

  /// The caller chooses nothing in it but the url.
  Signed sign(Destination to, List<Secret> secrets, Instant now) {
    long seconds = now.getEpochSecond();
    return new Signed(
        HttpHeaders.headers()
            .add(HttpHeaders.HOST, to.authority())
            .add(HttpHeaders.CONTENT_TYPE, "application/json")
            .add(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length))
            .add(HttpHeaders.CONNECTION, "close")
            .add(HttpHeaders.USER_AGENT, USER_AGENT)
            .add("webhook-id", id)
            .add("webhook-timestamp", String.valueOf(seconds))
            .add("webhook-signature", Signature.of(secrets, id, seconds, body)),
        Buffer.buffer(body));
  }
}
