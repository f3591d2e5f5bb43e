package dev.arcticsynth.api.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arcticsynth.api.http.UnreadBody;
import dev.arcticsynth.api.model.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.UUID;

/// Why a call is not let in.
///
/// @param detail what was wrong, and what to do
record Refusal(int status, String type, String title, String detail) {

  private static final String TYPES = "https://arcticsynth.dev/problems/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Refusal malformed(String detail) {
    return new Refusal(400, "bad-request", "Bad Request", detail);
  }

  static Refusal path(String detail) {
    return new Refusal(400, "bad-path", "Ambiguous path", detail);
  }

  static Refusal host(String detail) {
    return new Refusal(421, "unknown-host", "Unknown host", detail);
  }

  static Refusal crossSite(String detail) {
    return new Refusal(403, "cross-site", "Call from another site", detail);
  }

  static Refusal contentType(String detail) {
    return new Refusal(415, "unsupported-media-type", "Unsupported Media Type", detail);
  }

  static Refusal tooLarge(String detail) {
    return new Refusal(413, "too-large", "Request body too large", detail);
  }

  static Refusal transferCoding(String detail) {
    return new Refusal(501, "not-implemented", "Not Implemented", detail);
  }

  static Refusal target(String detail) {
    return new Refusal(414, "request-uri-too-long", "Request-URI Too Long", detail);
  }

  static Refusal headers(String detail) {
    return new Refusal(
        431, "request-header-fields-too-large", "Request Header Fields Too Large", detail);
  }

  /// Writes the answer and reads no body.
  void answer(HttpServerRequest request) {
    UnreadBody.hangUp(request);
    var unused =
        request
            .response()
            .setStatusCode(status)
            .putHeader("Content-Type", Problem.MEDIA_TYPE)
            .end(body());
  }

  private Buffer body() {
    String instance = "urn:uuid:" + UUID.randomUUID();
    try {
      return Buffer.buffer(
          JSON.writeValueAsBytes(
              new Problem(TYPES + type, title, status, detail, instance, List.of(), null)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records can always be written", e);
    }
  }
}
