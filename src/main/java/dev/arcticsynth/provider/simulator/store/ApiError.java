package dev.arcticsynth.provider.simulator.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A call that is refused, in the shape OpenAI refuses it.
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final @Nullable String param;
  private final @Nullable String code;

  private ApiError(int status, String message, @Nullable String param, @Nullable String code) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
    this.code = code;
  }

  public static ApiError invalid(String message, String param) {
    return new ApiError(400, message, param, null);
  }

  public static ApiError notFound(String what, String id) {
    return new ApiError(404, "No such %s: %s".formatted(what, id), "id", null);
  }

  public static ApiError of(int status, String message, @Nullable String code) {
    return new ApiError(status, message, null, code);
  }

  public int status() {
    return status;
  }

  @Nullable
  public String code() {
    return code;
  }

  public ObjectNode body() {
    ObjectNode body = StateJson.object();
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
