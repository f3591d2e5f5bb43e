package dev.arcticsynth.pipeline;

import dev.arcticsynth.pipeline.batch.HeldLeases;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The end of this process's work: nothing more is claimed, what is under way may finish, and the
/// rest is given back.
///
/// The lease token keeps a late step from writing, and the submit protocol from paying twice.
/// Nothing depends on this but the time that others wait.
@ApplicationScoped
class GracefulStop {

  private static final Logger LOG = Logger.getLogger(GracefulStop.class);

  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);

  private final Claims claims;
  private final HeldLeases heldLeases;
  private final InFlightTracker inFlightTracker;
  private volatile boolean stopping;

  GracefulStop(Claims claims, HeldLeases heldLeases, InFlightTracker inFlightTracker) {
    this.claims = claims;
    this.heldLeases = heldLeases;
    this.inFlightTracker = inFlightTracker;
  }

  boolean isStopping() {
    return stopping;
  }

  /// Server and pool are still up here; at the framework's next event they are closed or about to
  /// be.
  void stop(
      @Observes ShutdownDelayInitiatedEvent event,
      @ConfigProperty(name = "arctic.stop.timeout", defaultValue = "25s") Duration timeout) {
    stop(timeout);
  }

  /// Blocks until nothing is under way, or for as long as the timeout says.
  void stop(Duration timeout) {
    stopping = true;
    if (inFlightTracker.awaitNothing(timeout)) {
      return;
    }
    var left = heldLeases.held().stream().map(Claim::token).toList();
    LOG.infof("Stopped before everything was done: %s", inFlightTracker);
    claims
        .release(left)
        .ifNoItem()
        .after(RELEASE_TIMEOUT)
        .fail()
        .onFailure()
        .invoke(failure -> LOG.warnf("Leases are left to run out: %s", failure.getMessage()))
        .onFailure()
        .recoverWithNull()
        .await()
        .indefinitely();
  }

  /// For tests, of which more than one stops.
  void takeBack() {
    stopping = false;
  }
}
