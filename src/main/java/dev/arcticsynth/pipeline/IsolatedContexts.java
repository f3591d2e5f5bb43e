package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.PoolUser;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Runs concurrent work on a Vert.x context each.
///
/// A Hibernate session belongs to a context: two steps in one context would share a session, and
/// both would fail. This is the one place that subscribes by itself, because the framework
/// subscribes once per tick and a tick does not wait for its steps.
@ApplicationScoped
public class IsolatedContexts {

  private static final Logger LOG = Logger.getLogger(IsolatedContexts.class);

  private final Vertx vertx;

  IsolatedContexts(Vertx vertx) {
    this.vertx = vertx;
  }

  public <T> Uni<T> run(Supplier<Uni<T>> work) {
    return run(PoolUser.PIPELINE, work);
  }

  /// What callers wait for together.
  public <T> Uni<T> runForListeners(Supplier<Uni<T>> work) {
    return run(PoolUser.LISTENERS, work);
  }

  private <T> Uni<T> run(PoolUser user, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .emitter(emitter -> {
          Context own = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
          VertxContextSafetyToggle.setContextSafe(own, true);
          user.mark(own);
          own.runOnContext(ready -> work.get().subscribe().with(emitter::complete, emitter::fail));
        });
  }

  /// Runs work that is waited for by nothing.
  void start(Supplier<Uni<Void>> work) {
    var _ =
        run(work)
            .subscribe()
            .with(done -> {}, failure -> LOG.error("Work in the background failed", failure));
  }
}
