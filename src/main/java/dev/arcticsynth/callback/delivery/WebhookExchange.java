package dev.arcticsynth.callback.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.callback.destination.Destination;
import dev.arcticsynth.http.RetryAfter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One message sent to one address and its response, from the first packet to the close.
///
/// The status decides. A body is read for the record only; a receiver that sends it slowly or
/// without an end is cut off, which changes nothing about the outcome.
final class WebhookExchange {

  private final Vertx vertx;
  private final Instant now;
  private final long begun = System.nanoTime();
  private final Promise<DeliveryOutcome> outcome = Promise.promise();
  private final ResponseExcerpt excerpt = new ResponseExcerpt();
  private final long deadline;
  private @Nullable HttpConnection connection;
  private @Nullable HttpClientResponse response;

  /// @param limit for the whole attempt, the time before [#send] included
  WebhookExchange(Vertx vertx, Duration limit, Instant now) {
    this.vertx = vertx;
    this.now = now;
    this.deadline = vertx.setTimer(Math.max(1, limit.toMillis()), _ -> outOfTime());
  }

  Future<DeliveryOutcome> outcome() {
    return outcome.future();
  }

  void fail(DeliveryError deliveryError) {
    end(DeliveryOutcome.failed(deliveryError, latency()));
  }

  /// To this address and no other, whatever the name resolves to by now. The name is for TLS and
  /// for the header `Host`.
  void send(HttpClient client, Destination to, InetAddress address, WebhookMessage.Signed message) {
    if (outcome.future().isComplete()) {
      return;
    }
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, to.port())))
            .setHost(to.hostInUrl())
            .setPort(to.port())
            .setSsl(to.isSecure())
            .setURI(to.target())
            .setFollowRedirects(false)
            .setHeaders(message.headers());
    var _ =
        client
            .request(options)
            .onComplete(request -> connected(request, address, message), this::broken);
  }

  private void connected(
      HttpClientRequest request, InetAddress address, WebhookMessage.Signed message) {
    connection = request.connection();
    if (outcome.future().isComplete()) {
      hangUp();
      return;
    }
    if (!isConnectedTo(address, connection)) {
      fail(DeliveryError.DESTINATION_NOT_ALLOWED);
      return;
    }
    var _ = connection.exceptionHandler(this::broken);
    var _ = request.exceptionHandler(this::broken);
    var _ = request.response().onComplete(this::answered, this::broken);
    var _ = request.end(message.body()).onFailure(this::broken);
  }

  private static boolean isConnectedTo(InetAddress address, HttpConnection connection) {
    return Optional.ofNullable(connection.remoteAddress())
        .map(SocketAddress::hostAddress)
        .map(text -> text.split("%", 2)[0])
        .filter(text -> InetAddress.ofLiteral(text).equals(address))
        .isPresent();
  }

  private void answered(HttpClientResponse received) {
    response = received;
    var _ =
        received
            .exceptionHandler(_ -> judge(received))
            .handler(buffer -> {
              if (!excerpt.add(buffer)) {
                judge(received);
              }
            })
            .endHandler(_ -> judge(received));
  }

  private void judge(HttpClientResponse received) {
    end(
        DeliveryOutcome.answered(
            received.statusCode(),
            excerpt.text(),
            RetryAfter.parse(received.getHeader("Retry-After"), now),
            latency()));
  }

  private void outOfTime() {
    if (response == null) {
      fail(DeliveryError.TIMEOUT);
    } else {
      judge(response);
    }
  }

  private void broken(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        fail(DeliveryError.TLS_FAILED);
        return;
      }
    }
    fail(DeliveryError.CONNECTION_FAILED);
  }

  private void end(DeliveryOutcome result) {
    boolean _ = vertx.cancelTimer(deadline);
    if (outcome.tryComplete(result)) {
      hangUp();
    }
  }

  private void hangUp() {
    if (connection != null) {
      var _ = connection.close();
    }
  }

  private Duration latency() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /// The body of a receiver's answer, as far as it is read: 16 kB, of which the first 1 kB is kept.
  private static final class ResponseExcerpt {

    private static final int MOST_READ = 16 * 1024;
    private static final int KEPT = 1024;

    private final Buffer kept = Buffer.buffer();
    private int read;

    /// @return whether there may be more
    boolean add(Buffer buffer) {
      read += buffer.length();
      kept.appendBuffer(buffer, 0, Math.min(buffer.length(), KEPT - kept.length()));
      return read < MOST_READ;
    }

    /// Without control characters, which terminals and log readers would obey, and without what
    /// turns text around.
    String text() {
      String text = new String(kept.getBytes(), UTF_8);
      var shown = new StringBuilder(text.length());
      text.codePoints()
          .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
          .filter(c -> Character.getType(c) != Character.SURROGATE)
          .forEach(shown::appendCodePoint);
      return shown.toString();
    }
  }
}
