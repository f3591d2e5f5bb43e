package dev.arcticsynth.callback.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlowReceiversTest {

  private static final Duration USUAL = Duration.ofSeconds(20);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final DeliveryOutcome SLOW = DeliveryOutcome.failed(DeliveryError.TIMEOUT, USUAL);
  private static final DeliveryOutcome REFUSED =
      DeliveryOutcome.failed(DeliveryError.CONNECTION_FAILED, Duration.ZERO);
  private static final DeliveryOutcome DELIVERED =
      DeliveryOutcome.answered(200, "", Optional.empty(), Duration.ZERO);

  private final SlowReceivers receivers = new SlowReceivers(USUAL);

  @Test
  void a_receiver_that_was_slow_has_less_time_until_it_answers_or_an_hour_is_over() {
    // When
    receivers.note("hooks.example", SLOW, NOW);
    receivers.note("hooks.example", REFUSED, NOW);

    // Then
    assertThat(receivers.limit("hooks.example", NOW)).isEqualTo(SlowReceivers.SHORT);
    assertThat(receivers.limit("other.example", NOW)).isEqualTo(USUAL);
    assertThat(receivers.limit("hooks.example", NOW.plus(Duration.ofHours(1)))).isEqualTo(USUAL);
    receivers.note("hooks.example", DELIVERED, NOW);
    assertThat(receivers.limit("hooks.example", NOW)).isEqualTo(USUAL);
  }

  @Test
  void another_name_in_its_domain_does_not_help() {
    // When
    receivers.note("a1.evil.example", SLOW, NOW);
    receivers.note("192.0.2.1", SLOW, NOW);

    // Then
    assertThat(receivers.limit("a2.evil.example", NOW)).isEqualTo(SlowReceivers.SHORT);
    assertThat(receivers.limit("a1.good.example", NOW)).isEqualTo(USUAL);
    assertThat(receivers.limit("192.0.2.2", NOW)).isEqualTo(USUAL);
  }

  @Test
  void a_usual_limit_that_is_shorter_stays() {
    // Given
    var quick = new SlowReceivers(Duration.ofSeconds(1));

    // When
    quick.note("hooks.example", SLOW, NOW);

    // Then
    assertThat(quick.limit("hooks.example", NOW)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void it_remembers_a_thousand() {
    // When
    for (int i = 0; i < 1_001; i++) {
      receivers.note("h.d%d.example".formatted(i), SLOW, NOW);
    }

    // Then
    assertThat(receivers.limit("h.d0.example", NOW)).isEqualTo(USUAL);
    assertThat(receivers.limit("h.d1.example", NOW)).isEqualTo(SlowReceivers.SHORT);
  }
}
