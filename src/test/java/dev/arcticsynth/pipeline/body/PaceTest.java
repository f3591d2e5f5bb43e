package dev.arcticsynth.pipeline.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Pace pace = new Pace(Duration.ofSeconds(30), 1_024);

  @Test
  void a_body_that_stands_still_is_too_slow() {
    // Given
    pace.waits(0);
    pace.arrived(1_000_000, 5 * SECOND);

    // When
    boolean before = pace.isTooSlow(35 * SECOND);
    boolean after = pace.isTooSlow(35 * SECOND + 1);

    // Then
    assertThat(before).isFalse();
    assertThat(after).isTrue();
  }

  @Test
  void a_body_that_drips_is_too_slow_once_it_was_waited_for_long_enough() {
    // Given
    pace.waits(0);
    for (int second = 1; second <= 29; second++) {
      pace.arrived(10, second * SECOND);
    }

    // When
    boolean before = pace.isTooSlow(30 * SECOND);
    boolean after = pace.isTooSlow(31 * SECOND);

    // Then
    assertThat(before).isFalse();
    assertThat(after).isTrue();
  }

  @Test
  void time_in_which_nothing_was_wanted_does_not_count() {
    // Given
    pace.waits(0);
    pace.arrived(1_024, SECOND);
    pace.rests(2 * SECOND);

    // When
    boolean resting = pace.isTooSlow(3_600 * SECOND);
    pace.waits(3_600 * SECOND);
    boolean waitingAgain = pace.isTooSlow(3_620 * SECOND);

    // Then
    assertThat(resting).isFalse();
    assertThat(waitingAgain).isFalse();
  }

  @Test
  void a_body_at_the_least_pace_goes_on_for_ever() {
    // Given
    pace.waits(0);

    // When
    boolean slow = false;
    for (long second = 1; second < 10_000; second++) {
      pace.arrived(1_024, second * SECOND);
      slow |= pace.isTooSlow(second * SECOND);
    }

    // Then
    assertThat(slow).isFalse();
  }
}
