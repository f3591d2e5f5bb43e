package dev.arcticsynth.pipeline;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Time and chance, injected everywhere, so that tests bring their own.
class TimeAndChance {

  @Produces
  @DefaultBean
  @ApplicationScoped
  InstantSource clock() {
    // Microseconds, as PostgreSQL keeps them: what is read back equals what was written.
    return () -> InstantSource.system().instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
  }

  @Produces
  @DefaultBean
  @ApplicationScoped
  RandomGenerator random() {
    return RandomGenerator.getDefault();
  }
}
