package dev.arcticsynth.provider.simulator.fault;

/// What a fault can strike.
public enum Operation {
  UPLOAD,
  LIST_FILES,
  RETRIEVE_FILE,
  DELETE,
  CONTENT,
  CREATE,
  LIST_BATCHES,
  RETRIEVE,
  CANCEL,
  /// Not a call: the provider's own work on a batch, from validation to its output.
  WORK
}
