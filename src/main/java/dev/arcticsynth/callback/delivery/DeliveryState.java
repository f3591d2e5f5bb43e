package dev.arcticsynth.callback.delivery;

/// Where a delivery stands.
public enum DeliveryState {
  /// Pending: created at the end of its task, or redelivered. An attempt moves it on.
  PENDING,
  /// The receiver answered 2xx. The caller's `redeliver` makes it pending again.
  DELIVERED,
  /// Given up: ten attempts failed, or the receiver answered 410. The caller's `redeliver` makes it
  /// pending again.
  DEAD
}
