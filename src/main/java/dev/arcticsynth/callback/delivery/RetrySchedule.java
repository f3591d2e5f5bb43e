package dev.arcticsynth.callback.delivery;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When a callback that was not delivered is tried again: the example schedule of the Standard
/// Webhooks, ten attempts in about three days, each pause a fifth longer or shorter by chance.
@ApplicationScoped
class RetrySchedule {

  static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(24));

  /// After a timeout or 429 the receiver gets at least this long to recover.
  private static final Duration MIN_OVERLOAD_PAUSE = Duration.ofSeconds(60);

  private static final double JITTER = 0.2;

  private final RandomGenerator random;

  RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  /// How long to wait after an attempt; empty where there is no other one.
  ///
  /// @param attempts how many there were, this one included
  Optional<Duration> after(int attempts, DeliveryOutcome deliveryOutcome) {
    if (deliveryOutcome.isDelivered() || deliveryOutcome.isGone() || attempts > PAUSES.size()) {
      return Optional.empty();
    }
    Duration pause = jittered(PAUSES.get(attempts - 1));
    Duration atLeast = deliveryOutcome.isOverloaded() ? MIN_OVERLOAD_PAUSE : Duration.ZERO;
    return Optional.of(
        longest(pause, longest(atLeast, deliveryOutcome.retryAfter().orElse(Duration.ZERO))));
  }

  private Duration jittered(Duration pause) {
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.round(pause.toMillis() * factor));
  }

  private static Duration longest(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
