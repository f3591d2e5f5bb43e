package dev.arcticsynth.pipeline.results;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/// Walks once over sorted sources and yields their lines in the order of their numbers. A source is
/// loaded when its turn may have come, and forgotten when it is empty.
final class MergeIterator {

  private static final int BATCH_BYTES = 512 * 1024;

  private final PriorityQueue<LineSource> waiting =
      new PriorityQueue<>(Comparator.comparingLong(LineSource::first));
  private final PriorityQueue<ChunkCursor> open =
      new PriorityQueue<>(Comparator.comparingLong(ChunkCursor::seq));
  private final ResultsQuery query;
  private final Vertx vertx;

  MergeIterator(Collection<LineSource> sources, ResultsQuery query, Vertx vertx) {
    waiting.addAll(sources);
    this.query = query;
    this.vertx = vertx;
  }

  /// Result lines that are not in memory yet.
  ///
  /// @param first no line of it has a lower sequence number
  record LineSource(long first, Supplier<Uni<Loaded>> load) {

    /// @param next where it goes on, if it does
    record Loaded(ChunkCursor cursor, Optional<LineSource> next) {}
  }

  /// The next lines; empty behind the last one. An empty array is possible and means nothing.
  Uni<Optional<byte[]>> next() {
    return loadWhatMayComeNext()
        .chain(() ->
            open.isEmpty()
                ? Uni.createFrom().item(Optional.<byte[]>empty())
                : vertx.executeBlocking(() -> Optional.of(batch()), false));
  }

  private Uni<Void> loadWhatMayComeNext() {
    return Uni.createFrom()
        .deferred(() -> {
          LineSource source = waiting.peek();
          if (source == null || (!open.isEmpty() && open.peek().seq() < source.first())) {
            return Uni.createFrom().item(false);
          }
          waiting.remove();
          return source.load().get().invoke(this::take).replaceWith(true);
        })
        .repeat()
        .whilst(loaded -> loaded)
        .onItem()
        .ignoreAsUni();
  }

  private void take(LineSource.Loaded loaded) {
    loaded.cursor().skipTo(query.from());
    if (!loaded.cursor().isDone()) {
      open.add(loaded.cursor());
    }
    loaded.next().ifPresent(waiting::add);
  }

  private byte[] batch() {
    var out = LineSink.of(query.view(), BATCH_BYTES);
    LineSource source = waiting.peek();
    long horizon = source == null ? Long.MAX_VALUE : source.first();
    while (!open.isEmpty() && open.peek().seq() < horizon && out.size() < BATCH_BYTES) {
      ChunkCursor lowest = open.remove();
      long next = open.isEmpty() ? Long.MAX_VALUE : open.peek().seq();
      lowest.drain(Math.min(horizon, next), BATCH_BYTES - out.size(), out);
      if (!lowest.isDone()) {
        open.add(lowest);
      }
    }
    return out.toByteArray();
  }
}
