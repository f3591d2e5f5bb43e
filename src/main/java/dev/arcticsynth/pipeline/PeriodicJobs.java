package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.ClockConfig;
import dev.arcticsynth.database.DatabaseClock;
import dev.arcticsynth.database.DatabaseHealth;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// The periodic jobs: tick, lease renewal, orphan collection, clock.
///
/// Not by the framework's scheduler: that one compares times of the wall clock, and when that is
/// set back by an hour, nothing is renewed for an hour.
@ApplicationScoped
class PeriodicJobs {

  private final IsolatedContexts isolatedContexts;
  private final DatabaseHealth databaseHealth;

  PeriodicJobs(IsolatedContexts isolatedContexts, DatabaseHealth databaseHealth) {
    this.isolatedContexts = isolatedContexts;
    this.databaseHealth = databaseHealth;
  }

  /// The last step of the start: a job runs on an event loop, which must not wait for a bean whose
  /// creation waits for that event loop.
  void begin(
      @Observes @Priority(Integer.MAX_VALUE) StartupEvent start,
      ScheduleConfig config,
      ClockConfig time,
      Dispatcher dispatcher,
      OrphanBlobCollector orphanBlobCollector,
      DatabaseClock clock) {
    if (config.enabled()) {
      isolatedContexts.every(time.sync(), () -> sync(clock));
      isolatedContexts.every(config.tick(), dispatcher::tick);
      isolatedContexts.every(config.leaseRenewal(), dispatcher::renew);
      isolatedContexts.every(config.sweep(), orphanBlobCollector::collect);
    }
  }

  /// The clock is read so often that its readings detect an outage.
  private Uni<Void> sync(DatabaseClock clock) {
    return clock
        .sync()
        .invoke(databaseHealth::heard)
        .onFailure()
        .invoke(databaseHealth::lost)
        .onFailure()
        .recoverWithNull();
  }
}
