package dev.arcticsynth.api.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.api.http.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

  private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T10:00:01Z, PT1S",
    "2026-11-01T12:00:00+01:00, PT1H",
    "2026-11-02T10:00:00.1234567Z, PT24H0.123456S",
    "36h, PT36H",
    "90m, PT90M",
    "1s, PT1S",
    "7d, PT168H",
    "366d, PT8784H",
    "PT36H, PT36H",
    "P2D, PT48H"
  })
  void a_moment_and_a_duration_are_read(String text, Duration away) {
    // When
    var deadline = Deadline.of(text, NOW);

    // Then
    assertThat(deadline).contains(NOW.plus(away));
  }

  @Test
  void none_is_none() {
    assertThat(Deadline.of(null, NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T10:00:00Z", "2020-01-01T00:00:00Z", "0s", "PT0S", "PT-1H"})
  void what_is_not_in_the_future_is_refused(String text) {
    assertThatThrownBy(() -> Deadline.of(text, NOW))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not in the future");
  }

  @ParameterizedTest
  @ValueSource(strings = {"367d", "999999999d", "P400D", "9999-12-31T23:59:59Z"})
  void what_is_more_than_a_year_away_is_refused(String text) {
    assertThatThrownBy(() -> Deadline.of(text, NOW))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at most a year");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "36",
        "36 h",
        "-1h",
        "h",
        "2026-11-02",
        "2026-11-02T10:00:00",
        "1e9s",
        "9999999999s",
        "PT",
        "P1Y",
        "PT99999999999999999999H",
        "+999999999-12-31T23:59:59Z",
        "1h\u0000"
      })
  void what_cannot_be_read_is_refused_with_an_example(String text) {
    assertThatThrownBy(() -> Deadline.of(text, NOW))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageMatching("(?s).*(such as 36h|at most a year).*");
  }
}
