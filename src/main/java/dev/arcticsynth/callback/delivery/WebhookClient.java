package dev.arcticsynth.callback.delivery;

import dev.arcticsynth.callback.CallbackConfig;
import dev.arcticsynth.callback.InvalidCallbackException;
import dev.arcticsynth.callback.destination.Destination;
import dev.arcticsynth.callback.destination.DestinationPolicy;
import dev.arcticsynth.callback.destination.Resolver;
import dev.arcticsynth.callback.secret.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes one attempt: resolves the name, checks the addresses, and connects to a checked address
/// only.
///
/// A connection carries one request: none is kept, and so none is shared between hosts. Proxies of
/// environment or JVM are ignored, since a proxy would resolve names itself. Certificates are
/// verified.
@Singleton
class WebhookClient {

  private final DestinationPolicy destinationPolicy;
  private final Resolver resolver;
  private final HttpClient http;
  private final SlowReceivers slowReceivers;
  private final InstantSource clock;
  private final Vertx vertx;

  @Inject
  WebhookClient(
      DestinationPolicy destinationPolicy,
      Resolver resolver,
      CallbackConfig config,
      InstantSource clock,
      Vertx vertx) {
    this(destinationPolicy, resolver, options(config), clock, vertx);
  }

  /// @param options whose connect timeout is the limit of an attempt, everything included
  WebhookClient(
      DestinationPolicy destinationPolicy,
      Resolver resolver,
      HttpClientOptions options,
      InstantSource clock,
      Vertx vertx) {
    this.destinationPolicy = destinationPolicy;
    this.resolver = resolver;
    this.http = vertx.createHttpClient(options);
    this.slowReceivers = new SlowReceivers(Duration.ofMillis(options.getConnectTimeout()));
    this.clock = clock;
    this.vertx = vertx;
  }

  static HttpClientOptions options(CallbackConfig config) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setUseAlpn(false)
        .setKeepAlive(false)
        .setPipelining(false)
        .setMaxPoolSize(config.concurrency())
        .setConnectTimeout(Math.toIntExact(config.timeout().toMillis()))
        .setSslHandshakeTimeout(Math.max(1, config.timeout().toMillis()))
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxRedirects(0)
        .setDecompressionSupported(false)
        .setTrustAll(false)
        .setVerifyHost(true);
  }

  /// Never fails, and takes no longer than `arctic.callback.timeout`. Completes on the caller's
  /// context, whose database session the record needs.
  Uni<DeliveryOutcome> send(WebhookMessage message, List<Secret> signing) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context own = vertx.getOrCreateContext();
          own.runOnContext(_ -> {
            var _ =
                attempt(message, signing)
                    .onComplete(
                        deliveryOutcome -> own.runOnContext(_ -> emitter.complete(deliveryOutcome)),
                        failure -> own.runOnContext(_ -> emitter.fail(failure)));
          });
        });
  }

  private Future<DeliveryOutcome> attempt(WebhookMessage message, List<Secret> signing) {
    var now = clock.instant();
    Destination to;
    try {
      // The rules of now, not those of when the task was made.
      to = destinationPolicy.check(message.url());
    } catch (InvalidCallbackException refused) {
      return Future.succeededFuture(
          DeliveryOutcome.failed(DeliveryError.DESTINATION_NOT_ALLOWED, Duration.ZERO));
    }
    var exchange = new WebhookExchange(vertx, slowReceivers.limit(to.host(), now), now);
    var signed = message.sign(to, signing, now);
    var _ =
        addresses(to)
            .onComplete(
                found -> {
                  if (permits(to, found)) {
                    exchange.send(http, to, pick(found, message.earlierAttempts()), signed);
                  } else {
                    exchange.fail(DeliveryError.DESTINATION_NOT_ALLOWED);
                  }
                },
                _ -> exchange.fail(DeliveryError.DNS_FAILED));
    return exchange
        .outcome()
        .onSuccess(outcome -> slowReceivers.note(to.host(), outcome, clock.instant()));
  }

  private Future<List<InetAddress>> addresses(Destination to) {
    return to.literal()
        .map(address -> Future.succeededFuture(List.of(address)))
        .orElseGet(() -> resolver.resolve(to.host()));
  }

  /// Every resolved address must be allowed: the choice among them must not decide.
  private boolean permits(Destination to, List<InetAddress> found) {
    return !found.isEmpty()
        && found.stream().allMatch(address -> destinationPolicy.permits(to, address));
  }

  /// The first attempt takes the first one, IPv4 before IPv6, and each further attempt another one.
  private static InetAddress pick(List<InetAddress> found, int earlierAttempts) {
    var inOrder =
        found.stream()
            .sorted(Comparator.comparingInt(address -> address.getAddress().length))
            .toList();
    return inOrder.get(earlierAttempts % inOrder.size());
  }
}
