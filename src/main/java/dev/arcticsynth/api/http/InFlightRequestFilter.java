package dev.arcticsynth.api.http;

import dev.arcticsynth.pipeline.InFlightTracker;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.atomic.AtomicBoolean;

/// Counts the calls that a shutdown should not cut off: uploads and other changes, and downloads of
/// results. Reads and event streams can be repeated at another replica.
@ApplicationScoped
class InFlightRequestFilter {

  private static final int EARLY = 1_000;

  private final InFlightTracker inFlightTracker;

  InFlightRequestFilter(InFlightTracker inFlightTracker) {
    this.inFlightTracker = inFlightTracker;
  }

  void watch(@Observes Filters filters) {
    filters.register(this::count, EARLY);
  }

  private void count(RoutingContext call) {
    if (!call.request().method().equals(HttpMethod.GET)
        || call.request().path().endsWith("/results")) {
      countToItsEnd(call);
    } else {
      call.next();
    }
  }

  /// An error in a handler, such as no memory, may leave the call without an end.
  private void countToItsEnd(RoutingContext call) {
    var isCounted = new AtomicBoolean(true);
    inFlightTracker.callBegun();
    try {
      var unused = call.addEndHandler(ended -> end(isCounted));
      call.next();
    } catch (Throwable failure) {
      end(isCounted);
      throw failure;
    }
  }

  private void end(AtomicBoolean isCounted) {
    if (isCounted.compareAndSet(true, false)) {
      inFlightTracker.callEnded();
    }
  }
}
