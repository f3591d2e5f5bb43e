package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A clock between a database that has the time, a quartz that counts, and a wall clock that may
/// say anything.
class DatabaseClockTest {

  private static final Duration ROUND_TRIP = Duration.ofSeconds(2);
  private static final Instant TEN = Instant.parse("2026-11-22T10:00:00Z");

  private Instant database = TEN;
  private Instant wall = TEN;
  private long nanos = 42;
  private Supplier<Uni<Instant>> answer = () -> Uni.createFrom().item(database);
  private final DatabaseClock clock =
      new DatabaseClock(() -> answer.get(), () -> nanos, () -> wall, new Settings());

  @Test
  void it_has_the_time_of_the_database_not_of_the_machine() {
    // Given
    wall = TEN.minus(Duration.ofDays(3));

    // When
    sync();

    // Then
    assertThat(clock.instant()).isEqualTo(TEN);
  }

  @Test
  void it_goes_on_by_the_monotonic_clock() {
    // Given
    sync();

    // When
    nanos += Duration.ofMinutes(7).toNanos();

    // Then
    assertThat(clock.instant()).isEqualTo(TEN.plus(Duration.ofMinutes(7)));
  }

  @Test
  void it_has_the_microseconds_that_a_row_can_keep() {
    // Given
    sync();

    // When
    nanos += 1_999;

    // Then
    assertThat(clock.instant()).isEqualTo(TEN.plusNanos(1_000));
  }

  @Test
  void it_does_not_jump_with_the_wall_clock() {
    // Given
    sync();

    // When
    wall = TEN.plus(Duration.ofHours(1));
    var ahead = clock.instant();
    wall = TEN.minus(Duration.ofDays(1));

    // Then
    assertThat(ahead).isEqualTo(TEN);
    assertThat(clock.instant()).isEqualTo(TEN);
  }

  @Test
  void a_drift_is_corrected_by_the_next_query() {
    // Given
    sync();
    runs(Duration.ofSeconds(10), Duration.ofSeconds(9));
    assertThat(clock.instant()).isEqualTo(TEN.plusSeconds(9));

    // When
    sync();

    // Then
    assertThat(clock.instant()).isEqualTo(TEN.plusSeconds(10));
  }

  @Test
  void a_machine_that_was_suspended_lags_until_the_next_query_only() {
    // Given
    sync();
    runs(Duration.ofHours(8), Duration.ZERO);

    // When
    sync();

    // Then
    assertThat(clock.instant()).isEqualTo(TEN.plus(Duration.ofHours(8)));
  }

  @Test
  void an_answer_is_from_the_middle_of_its_round_trip() {
    // Given
    answerTakes(Duration.ofMillis(800));

    // When
    sync();

    // Then
    assertThat(clock.instant()).isEqualTo(database.plusMillis(400));
  }

  @Test
  void it_starts_with_an_answer_that_did_not_wait_for_a_connection() {
    // Given
    var open = new AtomicBoolean();
    answer =
        () ->
            Uni.createFrom()
                .item(() -> {
                  Duration connecting =
                      open.getAndSet(true) ? Duration.ZERO : Duration.ofMillis(800);
                  runs(connecting, connecting);
                  return database;
                });

    // When
    new ClockProducer().anchor(new StartupEvent(), clock);

    // Then
    assertThat(clock.instant()).isEqualTo(database);
  }

  @Test
  void an_answer_that_was_too_slow_is_ignored() {
    // Given
    sync();
    answerTakes(Duration.ofMillis(2_001));
    database = TEN.plus(Duration.ofHours(1));

    // When
    sync();

    // Then
    assertThat(clock.instant()).isEqualTo(TEN.plusMillis(2_001));
  }

  @Test
  void it_goes_on_when_the_database_does_not_answer() {
    // Given
    sync();
    answer = () -> Uni.createFrom().failure(new IllegalStateException("gone"));

    // When
    var failure = catchThrowable(this::sync);
    runs(Duration.ofMinutes(5), Duration.ofMinutes(5));

    // Then
    assertThat(failure).hasMessage("gone");
    assertThat(clock.instant()).isEqualTo(TEN.plus(Duration.ofMinutes(5)));
  }

  @Test
  void a_query_without_an_answer_is_given_up() {
    // Given
    sync();
    answer = () -> Uni.createFrom().nothing();

    // When
    var failure = catchThrowable(this::sync);

    // Then
    assertThat(failure).hasMessage("The database returned no time.");
    assertThat(clock.instant()).isEqualTo(TEN);
  }

  @Test
  void it_is_this_machines_time_until_the_database_has_been_asked() {
    // When
    wall = TEN.plusSeconds(3);

    // Then
    assertThat(clock.isAnchored()).isFalse();
    assertThat(clock.instant()).isEqualTo(wall);
  }

  @Test
  void the_offset_says_how_far_this_machine_is_ahead() {
    // Given
    sync();

    // When
    wall = TEN.plusSeconds(40);

    // Then
    assertThat(clock.offset()).isCloseTo(Duration.ofSeconds(40), Duration.ofMillis(1));
    assertThat(clock.instant()).isCloseTo(TEN, within(1, ChronoUnit.MILLIS));
  }

  private void sync() {
    clock.sync().await().atMost(Duration.ofSeconds(10));
  }

  private void answerTakes(Duration time) {
    answer =
        () ->
            Uni.createFrom()
                .item(() -> {
                  nanos += time.toNanos();
                  return database;
                });
  }

  /// So long for everybody else, and so long for this machine's quartz.
  private void runs(Duration world, Duration quartz) {
    database = database.plus(world);
    nanos += quartz.toNanos();
  }

  private record Settings() implements ClockConfig {
    @Override
    public Duration sync() {
      return Duration.ofSeconds(10);
    }

    @Override
    public Duration maxRoundTrip() {
      return ROUND_TRIP;
    }

    @Override
    public Duration maxOffset() {
      return Duration.ofSeconds(30);
    }
  }
}
