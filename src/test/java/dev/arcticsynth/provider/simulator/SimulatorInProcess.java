package dev.arcticsynth.provider.simulator;

import dev.arcticsynth.provider.simulator.server.Simulator;
import jakarta.inject.Singleton;
import java.util.Objects;

/// Hands out the simulator that runs in this process, for tests that set its faults and read its
/// ledger.
@Singleton
public class SimulatorInProcess {
  private final SimulatorFactory factory;

  SimulatorInProcess(SimulatorFactory factory) {
    this.factory = factory;
  }

  public Simulator simulator() {
    return Objects.requireNonNull(factory.simulator);
  }
}
