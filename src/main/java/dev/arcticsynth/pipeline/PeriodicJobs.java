package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.ClockConfig;
import dev.arcticsynth.database.DatabaseClock;
import dev.arcticsynth.database.DatabaseHealth;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/// What happens again and again.
///
/// Not by the framework's scheduler: that one compares times of the wall clock, and where somebody
/// sets it back by an hour, nothing is renewed for an hour.
@ApplicationScoped
class PeriodicJobs {

  private final IsolatedContexts isolatedContexts;
  private final DatabaseHealth databaseHealth;

  PeriodicJobs(IsolatedContexts isolatedContexts, DatabaseHealth databaseHealth) {
    this.isolatedContexts = isolatedContexts;
    this.databaseHealth = databaseHealth;
  }

  /// The last thing of a start: a beat runs on an event loop, which must not wait for a bean that
  /// somebody makes who waits for that event loop.
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

  /// Asked so often, the clock is the one who notices that nobody answers.
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
