package dev.arcticsynth.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/// Creates the clock, and reads the time before anything else starts.
class ClockProducer {

  private static final String ASK = "SELECT clock_timestamp()";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Produces
  @Singleton
  @Typed(DatabaseClock.class)
  DatabaseClock clock(Pool pool, ClockConfig config, MeterRegistry metrics) {
    var clock =
        new DatabaseClock(
            () ->
                pool.query(ASK)
                    .execute()
                    .map(rows -> rows.iterator().next().get(OffsetDateTime.class, 0).toInstant()),
            System::nanoTime,
            InstantSource.system(),
            config);
    Gauge unused =
        Gauge.builder("arctic.clock.offset", clock, c -> c.offset().toNanos() / 1e9)
            .baseUnit("seconds")
            .description("This machine's clock minus the database's")
            .register(metrics);
    return clock;
  }

  /// Twice, since the first reading waits until a connection is open: half of that delay is the
  /// error of the clock.
  void anchor(@Observes @Priority(Integer.MIN_VALUE) StartupEvent start, DatabaseClock clock) {
    clock
        .sync()
        .chain(clock::sync)
        .invoke(() -> {
          if (!clock.isAnchored()) {
            throw new IllegalStateException("The database is too slow to read its time.");
          }
        })
        .onFailure()
        .retry()
        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
        .expireIn(PATIENCE.toMillis())
        .await()
        .atMost(PATIENCE.multipliedBy(2));
  }
}
