package dev.arcticsynth.api.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/// The body of a call that is refused before it was read.
public final class UnreadBody {

  private static final Duration LINGER = Duration.ofSeconds(2);

  private UnreadBody() {}

  /// The rest of the body is not read, and the connection stays open for a moment, for clients that
  /// read only after writing. Before the answer is written.
  public static void hangUp(HttpServerRequest request) {
    boolean hasBody =
        request.getHeader(HttpHeaders.CONTENT_LENGTH) != null
            || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    if (!hasBody || request.isEnded()) {
      return;
    }
    request.response().putHeader(HttpHeaders.CONNECTION, "close");
    var connection = request.connection();
    request.resume();
    long unused =
        Vertx.currentContext().owner().setTimer(LINGER.toMillis(), late -> connection.close());
  }
}
