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

/// One poll for all callers who wait for the same thing: the first of them starts the timer of the
/// next look, those who come before its answer share it, and a key that has no caller is not looked
/// at.
///
/// A look belongs to none of its callers. Nothing is kept for one, so that a caller who hangs up
/// leaves nothing behind, and its failure is that of all who share it.
///
/// @param <K> what is waited for; with [#next] the only state, and gone with the answer
public final class SharedPoll<K, V> {

  private final Function<Supplier<Uni<V>>, Uni<V>> isolated;
  private final Duration interval;
  private final Function<K, Uni<V>> look;
  private final Map<K, Uni<V>> next = new ConcurrentHashMap<>();

  /// @param isolated runs a look on a context of its own: that of a caller may end, or have a
  ///   session of its own in use
  public SharedPoll(
      Function<Supplier<Uni<V>>, Uni<V>> isolated, Duration interval, Function<K, Uni<V>> look) {
    this.isolated = isolated;
    this.interval = interval;
    this.look = look;
  }

  /// The answer to the next look, on the context of the subscriber.
  public Uni<V> next(K key) {
    return Uni.createFrom()
        .deferred(() -> next.computeIfAbsent(key, this::begin).emitOn(currentContext()));
  }

  /// How many looks are due or under way.
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
