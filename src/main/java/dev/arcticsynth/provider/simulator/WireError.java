package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A call that is refused, in the shape OpenAI refuses it.
final class WireError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final @Nullable String param;
  private final @Nullable String code;

  private WireError(int status, String message, @Nullable String param, @Nullable String code) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
    this.code = code;
  }

  static WireError invalid(String message, String param) {
    return new WireError(400, message, param, null);
  }

  static WireError notFound(String what, String id) {
    return new WireError(404, "No such %s: %s".formatted(what, id), "id", null);
  }

  static WireError of(int status, String message, @Nullable String code) {
    return new WireError(status, message, null, code);
  }

  int status() {
    return status;
  }

  @Nullable String code() {
    return code;
  }

  ObjectNode body() {
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("message", getMessage())
        .put("type", type())
        .put("param", param)
        .put("code", code);
    return body;
  }

  private String type() {
    return switch (status) {
      case 429 -> "requests";
      case 500, 502, 503 -> "server_error";
      default -> "invalid_request_error";
    };
  }
}
