package dev.arcticsynth.provider.simulator;

import java.util.Locale;

/// The states of a batch, as the wire names them.
enum Status {
  VALIDATING,
  FAILED,
  IN_PROGRESS,
  FINALIZING,
  COMPLETED,
  EXPIRED,
  CANCELLING,
  CANCELLED;

  boolean isTerminal() {
    return switch (this) {
      case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
      case FAILED, COMPLETED, EXPIRED, CANCELLED -> true;
    };
  }

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
