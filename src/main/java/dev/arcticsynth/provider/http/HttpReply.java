package dev.arcticsynth.provider.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.arcticsynth.http.RetryAfter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An answer of the provider, or of a machine in between.
///
/// @param json the body; a missing node when it is neither a JSON object nor an array
/// @param requestId what the provider's support asks for
/// @param retryAfterMillis the header as it came; goes before the coarser one
/// @param retryAfter the header as it came
/// @param redirect the address that it sends us to
public record HttpReply(
    int status,
    String body,
    JsonNode json,
    @Nullable String requestId,
    @Nullable String retryAfterMillis,
    @Nullable String retryAfter,
    Optional<URI> redirect) {

  /// OpenAI's name for it, and that of the gateway in front of Azure's.
  private static final List<String> REQUEST_ID = List.of("x-request-id", "apim-request-id");

  private static final ObjectMapper JSON = new ObjectMapper();

  /// @param target what was asked
  /// @param header gives the value of a header, or null
  static HttpReply of(
      URI target, int status, @Nullable String body, UnaryOperator<@Nullable String> header) {
    String text = body == null ? "" : body;
    return new HttpReply(
        status,
        text,
        parse(text),
        requestId(header),
        header.apply("retry-after-ms"),
        header.apply("retry-after"),
        Origin.redirect(target, status, header.apply("location")));
  }

  private static @Nullable String requestId(UnaryOperator<@Nullable String> header) {
    return REQUEST_ID.stream().map(header).filter(Objects::nonNull).findFirst().orElse(null);
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /// A 404 that the API itself gave. A page of a gateway is no proof of anything.
  public boolean isNotFound() {
    return status == 404 && (body.isBlank() || json.isObject());
  }

  ErrorBody error() {
    return ErrorBody.of(json);
  }

  /// How long the provider asks us to wait.
  Optional<Duration> retryAfter(Instant now) {
    return RetryAfter.parse(retryAfterMillis, retryAfter, now);
  }

  private static JsonNode parse(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      return node != null && node.isContainerNode() ? node : MissingNode.getInstance();
    } catch (JsonProcessingException notJson) {
      return MissingNode.getInstance();
    }
  }
}
