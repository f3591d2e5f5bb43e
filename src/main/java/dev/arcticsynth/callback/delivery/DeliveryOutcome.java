package dev.arcticsynth.callback.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// The outcome of one attempt to deliver.
///
/// @param status the receiver's, where it answered at all
/// @param answer the beginning of its response, fit to be shown
/// @param retryAfter the pause that it asks for
record DeliveryOutcome(
    OptionalInt status,
    Optional<DeliveryError> trouble,
    String answer,
    Optional<Duration> retryAfter,
    Duration latency) {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int GONE = 410;

  static DeliveryOutcome failed(DeliveryError deliveryError, Duration latency) {
    return new DeliveryOutcome(
        OptionalInt.empty(), Optional.of(deliveryError), "", Optional.empty(), latency);
  }

  static DeliveryOutcome answered(
      int status, String answer, Optional<Duration> retryAfter, Duration latency) {
    return new DeliveryOutcome(
        OptionalInt.of(status),
        status / 100 == 2 ? Optional.empty() : Optional.of(DeliveryError.STATUS),
        answer,
        isThrottle(status) ? retryAfter : Optional.empty(),
        latency);
  }

  boolean isDelivered() {
    return trouble.isEmpty();
  }

  /// The receiver unsubscribed (410).
  boolean isGone() {
    return status.orElse(0) == GONE;
  }

  /// The receiver is overloaded.
  boolean isOverloaded() {
    return status.orElse(0) == TOO_MANY_REQUESTS
        || trouble.filter(DeliveryError.TIMEOUT::equals).isPresent();
  }

  private static boolean isThrottle(int status) {
    return switch (status) {
      case TOO_MANY_REQUESTS, 502, 503, 504 -> true;
      default -> false;
    };
  }
}
