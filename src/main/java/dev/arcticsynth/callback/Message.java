package dev.arcticsynth.callback;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.List;

/// One attempt's headers and bytes. Nothing in them is the caller's to choose but the place.
record Message(MultiMap headers, Buffer body) {

  private static final String USER_AGENT = "ArcticSynth-Callback/1";

  static Message of(Parcel parcel, Destination to, List<Secret> secrets, Instant now) {
    byte[] body = parcel.body();
    String id = parcel.id();
    long seconds = now.getEpochSecond();
    return new Message(
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
