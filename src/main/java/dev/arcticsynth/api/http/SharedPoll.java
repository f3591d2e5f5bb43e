package dev.arcticsynth.api.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/// One poll for all callers that wait for the same thing: the first of them starts the timer of the
/// next poll, those that arrive before its answer share it, and a key without a caller is not
/// polled.
///
/// A poll belongs to none of its callers. No state is kept for a caller, so a closed connection
/// leaves nothing behind; a failure of the poll is the failure of all that share it.
///
/// @param <K> what is waited for; with [#next] the only state, and gone with the answer
public final class SharedPoll<K, V> {

  private final Function<Supplier<Uni<V>>, Uni<V>> isolated;
  private final Duration interval;
  private final Function<K, Uni<V>> look;
  private final Map<K, Uni<V>> next = new ConcurrentHashMap<>();

  /// @param isolated runs a poll on a context of its own: that of a caller may end, or have a
  ///   session of its own in use
  public SharedPoll(
      Function<Supplier<Uni<V>>, Uni<V>> isolated, Duration interval, Function<K, Uni<V>> look) {
    this.isolated = isolated;
    this.interval = interval;
    this.look = look;
  }

  /// The answer to the next poll, on the context of the subscriber.
  public Uni<V> next(K key) {
    return Uni.createFrom()
        .deferred(() -> next.computeIfAbsent(key, this::begin).emitOn(currentContext()));
  }

  /// How many polls are due or in flight.
  public int size() {
    return next.size();
  }

  private Uni<V> begin(K key) {
    return isolated
        .apply(() -> pause().chain(() -> look.apply(key)))
        .onTermination()
        .invoke(() -> next.remove(key))
        .memoize()
        .indefinitely();
  }

  /// Ends on the context where it began: Mutiny's own delay ends on a worker thread, where no
  /// database session may be used.
  private Uni<Void> pause() {
    return Uni.createFrom()
        .emitter(emitter ->
            Vertx.currentContext()
                .owner()
                .setTimer(Math.max(1, interval.toMillis()), fired -> emitter.complete(null)));
  }

  /// Runs what it is given where the caller is now.
  public static Executor currentContext() {
    Context context = Vertx.currentContext();
    return work -> context.runOnContext(ready -> work.run());
  }
}
