package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.ClockConfig;
import dev.arcticsynth.database.Contact;
import dev.arcticsynth.database.DatabaseClock;
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
class Beats {

  private final Lanes lanes;
  private final Contact contact;

  Beats(Lanes lanes, Contact contact) {
    this.lanes = lanes;
    this.contact = contact;
  }

  /// The last thing of a start: a beat runs on an event loop, which must not wait for a bean that
  /// somebody makes who waits for that event loop.
  void begin(
      @Observes @Priority(Integer.MAX_VALUE) StartupEvent start,
      BeatConfig config,
      ClockConfig time,
      Dispatcher dispatcher,
      Sweeper sweeper,
      DatabaseClock clock) {
    if (config.enabled()) {
      lanes.every(time.sync(), () -> sync(clock));
      lanes.every(config.tick(), dispatcher::tick);
      lanes.every(config.leaseRenewal(), dispatcher::renew);
      lanes.every(config.sweep(), sweeper::sweep);
    }
  }

  /// Asked so often, the clock is the one who notices that nobody answers.
  private Uni<Void> sync(DatabaseClock clock) {
    return clock
        .sync()
        .invoke(contact::heard)
        .onFailure()
        .invoke(contact::lost)
        .onFailure()
        .recoverWithNull();
  }
}
