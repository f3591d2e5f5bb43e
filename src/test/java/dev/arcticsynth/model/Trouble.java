package dev.arcticsynth.model;

/// What the world may do to the protocol besides delaying and losing whatever it may.
enum Trouble {
  /// A new batch is not listed at once.
  LIST_LAG,
  /// The database may fail over to a standby that has not received the newest commits.
  TAIL_LOSS
}
