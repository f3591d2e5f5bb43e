package dev.arcticsynth.pipeline.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

  private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
  private static final PollPace PACE = new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5));

  private final Backoff backoff = new Backoff(new Settings(), () -> NOW, new Random(4));

  @ParameterizedTest
  @CsvSource({"0,2", "1,4", "3,16", "7,256", "8,300", "40,300", "1000000,300"})
  void a_pause_after_failures_doubles_up_to_the_longest_and_half_of_it_is_random(
      int failures, long seconds) {
    for (int i = 0; i < 200; i++) {
      // When
      Duration pause = Duration.between(NOW, backoff.afterFailure(failures));

      // Then
      assertThat(pause)
          .isBetween(Duration.ofSeconds(seconds).dividedBy(2), Duration.ofSeconds(seconds));
    }
  }

  @Test
  void a_provider_that_says_when_is_obeyed() {
    // Given
    var asked =
        new ProviderException(
            ProviderException.Kind.THROTTLED, "slow", Duration.ofMinutes(17), null, null, null);
    var silent = new ProviderException(ProviderException.Kind.TRANSIENT, "503");

    // When
    Instant told = backoff.afterFailure(asked, 0);
    Instant guessed = backoff.afterFailure(silent, 0);

    // Then
    assertThat(told).isEqualTo(NOW.plus(Duration.ofMinutes(17)));
    assertThat(guessed).isBetween(NOW.plusSeconds(1), NOW.plusSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({"0,15", "1,22", "3,50", "8,300", "1000,300"})
  void polls_slow_down_while_nothing_changes(int unchanged, long seconds) {
    for (int i = 0; i < 200; i++) {
      // When
      Duration pause = Duration.between(NOW, backoff.nextPoll(PACE, unchanged, false));

      // Then
      assertThat(pause).isBetween(Duration.ofSeconds(seconds / 2), Duration.ofSeconds(seconds + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 1_000})
  void a_batch_that_finishes_is_looked_at_soon(int unchanged) {
    // When
    Duration pause = Duration.between(NOW, backoff.nextPoll(PACE, unchanged, true));

    // Then
    assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void the_shortest_pace_is_no_mistake() {
    // Given
    var none = new PollPace(Duration.ZERO, Duration.ZERO);
    var milli = new PollPace(Duration.ofMillis(1), Duration.ofMillis(1));

    // When
    Instant first = backoff.firstPoll(none);
    Instant next = backoff.nextPoll(milli, 3, false);

    // Then
    assertThat(first).isEqualTo(NOW);
    assertThat(next).isBetween(NOW, NOW.plusMillis(1));
  }

  static final class Settings implements FlowConfig {
    @Override
    public int concurrency() {
      return 1;
    }

    @Override
    public Duration lease() {
      return Duration.ofSeconds(120);
    }

    @Override
    public Duration settle() {
      return Duration.ofSeconds(120);
    }

    @Override
    public Duration pauseFirst() {
      return Duration.ofSeconds(2);
    }

    @Override
    public Duration pauseMax() {
      return Duration.ofMinutes(5);
    }

    @Override
    public int maxDownloads() {
      return 3;
    }

    @Override
    public Optional<Path> stagingDir() {
      return Optional.empty();
    }
  }
}
