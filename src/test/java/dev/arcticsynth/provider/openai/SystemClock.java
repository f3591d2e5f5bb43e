package dev.arcticsynth.provider.openai;

import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// The clock of a container that holds the providers only.
@Alternative
@Singleton
class SystemClock {
  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }
}
