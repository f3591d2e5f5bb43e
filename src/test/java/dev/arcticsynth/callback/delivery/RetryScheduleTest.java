package dev.arcticsynth.callback.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {

  private static final RandomGenerator MIDDLE = new Middle();

  private final RetrySchedule retrySchedule = new RetrySchedule(MIDDLE);

  @Test
  void ten_attempts_take_75_hours_35_minutes_and_5_seconds() {
    // When
    var all = Duration.ZERO;
    int attempts = 1;
    for (var pause = retrySchedule.after(1, status(500));
        pause.isPresent();
        pause = retrySchedule.after(attempts, status(500))) {
      all = all.plus(pause.get());
      attempts++;
    }

    // Then
    assertThat(attempts).isEqualTo(10);
    assertThat(all).isEqualTo(Duration.ofHours(75).plusMinutes(35).plusSeconds(5));
  }

  @Test
  void each_pause_is_up_to_a_fifth_longer_or_shorter() {
    // Given
    var random = new RetrySchedule(new SplittableRandom(7));

    for (int tries = 1; tries < 10; tries++) {
      long planned = RetrySchedule.PAUSES.get(tries - 1).toMillis();
      long shortest = Long.MAX_VALUE;
      long longest = 0;
      for (int n = 0; n < 1_000; n++) {
        // When
        long pause = random.after(tries, status(500)).orElseThrow().toMillis();

        // Then
        assertThat(pause).isBetween(planned * 8 / 10 - 1, planned * 12 / 10 + 1);
        shortest = Math.min(shortest, pause);
        longest = Math.max(longest, pause);
      }
      assertThat(shortest).isLessThan(planned * 85 / 100);
      assertThat(longest).isGreaterThan(planned * 115 / 100);
    }
  }

  @Test
  void nothing_follows_a_delivery_or_a_receiver_that_is_gone() {
    assertThat(retrySchedule.after(1, status(200))).isEmpty();
    assertThat(retrySchedule.after(1, status(299))).isEmpty();
    assertThat(retrySchedule.after(1, status(410))).isEmpty();
    assertThat(retrySchedule.after(1, status(300))).isPresent();
    assertThat(retrySchedule.after(1, status(199))).isPresent();
  }

  @Test
  void after_a_timeout_and_after_429_the_receiver_gets_a_minute() {
    assertThat(retrySchedule.after(1, failed(DeliveryError.TIMEOUT)))
        .contains(Duration.ofSeconds(60));
    assertThat(retrySchedule.after(1, status(429))).contains(Duration.ofSeconds(60));
    assertThat(retrySchedule.after(1, failed(DeliveryError.CONNECTION_FAILED)))
        .contains(Duration.ofSeconds(5));
    assertThat(retrySchedule.after(2, failed(DeliveryError.TIMEOUT)))
        .contains(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource({"429,3600", "502,3600", "503,3600", "504,3600", "500,5", "404,5", "301,5"})
  void a_receiver_that_is_throttling_says_how_long(int status, int seconds) {
    var deliveryOutcome =
        DeliveryOutcome.answered(status, "", Optional.of(Duration.ofHours(1)), Duration.ZERO);
    assertThat(retrySchedule.after(1, deliveryOutcome)).contains(Duration.ofSeconds(seconds));
  }

  @Test
  void a_receiver_cannot_shorten_the_pause() {
    var deliveryOutcome =
        DeliveryOutcome.answered(503, "", Optional.of(Duration.ofSeconds(1)), Duration.ZERO);
    assertThat(retrySchedule.after(3, deliveryOutcome)).contains(Duration.ofMinutes(30));
  }

  private static DeliveryOutcome status(int status) {
    return DeliveryOutcome.answered(status, "", Optional.empty(), Duration.ZERO);
  }

  private static DeliveryOutcome failed(DeliveryError deliveryError) {
    return DeliveryOutcome.failed(deliveryError, Duration.ZERO);
  }

  private static final class Middle implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }

    @Override
    public double nextDouble() {
      return 0.5;
    }
  }
}
