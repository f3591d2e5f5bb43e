package dev.arcticsynth.pipeline;

import dev.arcticsynth.support.TestClock;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// The clock of service and simulator alike.
@Alternative
@Singleton
class FlowClock {
  @Produces
  @Singleton
  TestClock clock() {
    return new TestClock();
  }
}
