package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WallClockStepsTest {

  private final AtomicLong wall = new AtomicLong(1_000_000);
  private final AtomicLong nanos = new AtomicLong();
  private final WallClockSteps steps =
      new WallClockSteps(() -> Instant.ofEpochMilli(wall.get()), nanos::get);

  @Test
  void time_that_passes_is_no_step() {
    // When
    pass(Duration.ofHours(1));

    // Then
    assertThat(steps.isSetBack()).isFalse();
  }

  @Test
  void a_clock_that_is_set_back_is_noticed_once() {
    // Given
    pass(Duration.ofSeconds(1));
    set(Duration.ofHours(-1));

    // When
    boolean first = steps.isSetBack();
    pass(Duration.ofSeconds(1));

    // Then
    assertThat(first).isTrue();
    assertThat(steps.isSetBack()).isFalse();
  }

  @Test
  void small_steps_back_add_up() {
    // When
    set(Duration.ofMillis(-700));
    boolean first = steps.isSetBack();
    set(Duration.ofMillis(-700));

    // Then
    assertThat(first).isFalse();
    assertThat(steps.isSetBack()).isTrue();
  }

  @Test
  void a_clock_that_is_set_ahead_and_back_again_is_noticed() {
    // Given
    set(Duration.ofHours(2));
    boolean ahead = steps.isSetBack();

    // When
    set(Duration.ofHours(-2));

    // Then
    assertThat(ahead).isFalse();
    assertThat(steps.isSetBack()).isTrue();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    wall.addAndGet(time.toMillis());
  }

  private void set(Duration difference) {
    wall.addAndGet(difference.toMillis());
  }
}
