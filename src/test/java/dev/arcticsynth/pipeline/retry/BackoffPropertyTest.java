package dev.arcticsynth.pipeline.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.Provider.PollPace;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// Pauses stay within their bounds, whatever they are asked for.
class BackoffPropertyTest {

  private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @Property(tries = 2_000, seed = "20261123")
  void a_pause_is_between_half_and_all_of_what_it_doubles_to(
      @ForAll @IntRange(min = 0) int failures, @ForAll long luck) {
    // Given
    var backoff = new Backoff(new BackoffTest.Settings(), () -> NOW, new Random(luck));
    long whole = failures < 8 ? 2_000L << failures : LONGEST.toMillis();

    // When
    long pause = Duration.between(NOW, backoff.afterFailure(failures)).toMillis();

    // Then
    assertThat(pause).isBetween(Math.min(whole, LONGEST.toMillis()) / 2, LONGEST.toMillis());
    assertThat(pause).isLessThanOrEqualTo(whole);
  }

  @Property(tries = 2_000, seed = "20261123")
  void a_poll_is_never_further_away_than_the_slowest_pace(
      @ForAll @LongRange(min = 0, max = 600_000) long first,
      @ForAll @LongRange(min = 0, max = 86_400_000) long more,
      @ForAll @IntRange(min = 0) int unchanged,
      @ForAll boolean finishing,
      @ForAll long luck) {
    // Given
    var backoff = new Backoff(new BackoffTest.Settings(), () -> NOW, new Random(luck));
    var pace = new PollPace(Duration.ofMillis(first), Duration.ofMillis(first + more));

    // When
    Duration pause = Duration.between(NOW, backoff.nextPoll(pace, unchanged, finishing));

    // Then
    assertThat(pause).isBetween(Duration.ZERO, pace.max());
    if (finishing) {
      assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(20));
    } else {
      assertThat(pause).isGreaterThanOrEqualTo(pace.first().dividedBy(2).minusMillis(1));
    }
  }
}
