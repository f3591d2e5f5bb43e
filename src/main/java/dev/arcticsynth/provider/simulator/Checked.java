package dev.arcticsynth.provider.simulator;

import java.util.List;

/// What validation found.
///
/// @param model of all rows; empty if they name none
record Checked(int total, String model, List<BatchError> errors) {
  static Checked failed(BatchError error) {
    return new Checked(0, "", List.of(error));
  }

  boolean isFailed() {
    return !errors.isEmpty();
  }
}
