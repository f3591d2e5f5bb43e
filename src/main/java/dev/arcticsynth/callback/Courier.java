package dev.arcticsynth.callback;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;

/// Makes one attempt: looks the name up, checks where that leads, and sends there and nowhere else.
@ApplicationScoped
class Courier {

  private final Destinations destinations;
  private final Resolver resolver;
  private final CallbackClient client;
  private final Duration limit;
  private final InstantSource clock;
  private final Vertx vertx;

  Courier(
      Destinations destinations,
      Resolver resolver,
      CallbackClient client,
      InstantSource clock,
      Vertx vertx) {
    this.destinations = destinations;
    this.resolver = resolver;
    this.client = client;
    this.limit = client.limit();
    this.clock = clock;
    this.vertx = vertx;
  }

  /// Never fails, and takes no longer than `arctic.callback.timeout`. Comes back to the caller's
  /// context, whose database session the record needs.
  Uni<Outcome> send(Parcel parcel, List<Secret> signing) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context own = vertx.getOrCreateContext();
          own.runOnContext(_ -> {
            var _ =
                attempt(parcel, signing)
                    .onComplete(
                        outcome -> own.runOnContext(_ -> emitter.complete(outcome)),
                        failure -> own.runOnContext(_ -> emitter.fail(failure)));
          });
        });
  }

  private Future<Outcome> attempt(Parcel parcel, List<Secret> signing) {
    var now = clock.instant();
    var exchange = new Exchange(vertx, limit, now);
    Destination to;
    try {
      // The rules of now, not those of when the task was made.
      to = destinations.check(parcel.url());
    } catch (RefusedCallbackException refused) {
      exchange.fail(Trouble.DESTINATION_NOT_ALLOWED);
      return exchange.outcome();
    }
    var message = Message.of(parcel, to, signing, now);
    var _ =
        addresses(to)
            .onComplete(
                found -> {
                  if (permits(to, found)) {
                    exchange.send(client.http(), to, pick(found, parcel.tries()), message);
                  } else {
                    exchange.fail(Trouble.DESTINATION_NOT_ALLOWED);
                  }
                },
                _ -> exchange.fail(Trouble.DNS_FAILED));
    return exchange.outcome();
  }

  private Future<List<InetAddress>> addresses(Destination to) {
    return to.literal()
        .map(address -> Future.succeededFuture(List.of(address)))
        .orElseGet(() -> resolver.resolve(to.host()));
  }

  /// One bad address spoils the name: which one is taken must not depend on luck.
  private boolean permits(Destination to, List<InetAddress> found) {
    return !found.isEmpty()
        && found.stream().allMatch(address -> destinations.permits(to, address));
  }

  /// The first attempt takes the first one, IPv4 before IPv6, and each further attempt another one.
  private static InetAddress pick(List<InetAddress> found, int tries) {
    var inOrder =
        found.stream()
            .sorted(Comparator.comparingInt(address -> address.getAddress().length))
            .toList();
    return inOrder.get(tries % inOrder.size());
  }
}
