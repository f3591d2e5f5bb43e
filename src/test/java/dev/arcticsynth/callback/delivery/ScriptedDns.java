package dev.arcticsynth.callback.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.callback.CallbackConfig;
import dev.arcticsynth.callback.destination.DestinationPolicy;
import dev.arcticsynth.callback.destination.Resolver;
import dev.arcticsynth.callback.secret.Secret;
import dev.arcticsynth.support.TestClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A webhook client with a scripted resolver: a name resolves to what the test says, one answer a
/// lookup; the last one stays.
public final class ScriptedDns implements Resolver {

  static final Secret SECRET = Secret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").orElseThrow();

  private static final Duration REAL_TIME = Duration.ofSeconds(30);

  private final Map<String, Deque<List<InetAddress>>> names = new ConcurrentHashMap<>();
  private final WebhookClient client;

  public ScriptedDns(Vertx vertx, CallbackConfig config) {
    this(vertx, config, WebhookClient.options(config));
  }

  ScriptedDns(Vertx vertx, CallbackConfig config, HttpClientOptions options) {
    client =
        new WebhookClient(new DestinationPolicy(config), this, options, new TestClock(), vertx);
  }

  public ScriptedDns knowing(String host, String... addresses) {
    names
        .computeIfAbsent(host, _ -> new ArrayDeque<>())
        .add(Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    return this;
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    var known = names.get(host);
    if (known == null) {
      return Future.failedFuture(new UnknownHostException(host));
    }
    return Future.succeededFuture(known.size() > 1 ? known.removeFirst() : known.getFirst());
  }

  /// Why a message to the url does not arrive; empty where it does.
  public Optional<DeliveryError> trouble(String url) {
    return send(url).trouble();
  }

  DeliveryOutcome send(String url) {
    return send(url, 0);
  }

  DeliveryOutcome send(String url, int tries) {
    var message =
        new WebhookMessage("msg_1", url, "{\"type\":\"task.completed\"}".getBytes(UTF_8), tries);
    return client.send(message, List.of(SECRET)).await().atMost(REAL_TIME);
  }
}
