package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.DatabaseClock;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Produces the clock and the random generator, so that tests can inject their own.
class ClockAndRandomProducer {

  @Produces
  @DefaultBean
  @ApplicationScoped
  InstantSource clock(DatabaseClock clock) {
    return clock;
  }

  @Produces
  @DefaultBean
  @ApplicationScoped
  RandomGenerator random() {
    return RandomGenerator.getDefault();
  }
}
