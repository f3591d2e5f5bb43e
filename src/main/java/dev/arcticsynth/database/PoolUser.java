package dev.arcticsynth.database;

import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/// Who uses the database. Each has connections of its own, so that none can take them all: callers
/// that come by the thousand neither hold up the pipeline nor look like a database that is away.
public enum PoolUser {
  /// Calls of the API; what has no mark.
  CALLERS,
  /// Polls for those who wait for news.
  LISTENERS,
  /// Steps, periodic jobs, probes.
  PIPELINE;

  /// Fewer are not worth dividing.
  private static final int FEWEST = 4;

  /// Whose work runs on a context from now on.
  public void mark(Context context) {
    context.putLocal(PoolUser.class, this);
  }

  static PoolUser current() {
    Context context = Vertx.currentContext();
    // Quarkus forbids marks on a root context, since all would share them.
    boolean canBeMarked = context != null && VertxContext.isDuplicatedContext(context);
    PoolUser marked = canBeMarked ? context.getLocal(PoolUser.class) : null;
    return marked == null ? CALLERS : marked;
  }

  static boolean isDivided(int connections) {
    return connections >= FEWEST;
  }

  /// How many of all connections it has.
  public int share(int connections) {
    int listeners = Math.max(1, connections / 8);
    int pipeline = (connections - listeners) / 2;
    return switch (this) {
      case CALLERS -> connections - listeners - pipeline;
      case LISTENERS -> listeners;
      case PIPELINE -> pipeline;
    };
  }
}
