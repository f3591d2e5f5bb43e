package dev.arcticsynth.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1                               | PT1S
          ' 120 '                         | PT2M
          1.5                             | PT1S
          86400                           | PT24H
          86401                           | PT24H
          99999999999999999999            | PT24H
          99999999999999999999999999      | PT24H
          Sun, 22 Nov 2026 12:00:30 GMT   | PT30S
          Mon, 22 Nov 2027 12:00:30 GMT   | PT24H
          Tue, 31 Dec 2999 23:59:59 GMT   | PT24H
          Sun, 22 Nov 2026 11:59:00 GMT   |
          Sun, 99 Nov 2026 12:00:30 GMT   |
          0                               |
          -5                              |
          ''                              |
          soon                            |
          1e3                             |
          1e9                             |
          ٣                               |
          0x10                            |
          """)
  void a_wait_is_read_or_counts_as_absent(String header, Duration wait) {
    assertThat(RetryAfter.parse(header, NOON).orElse(null)).isEqualTo(wait);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          250                           | 1    | PT0.25S
          ' 1500.5 '                    | 1    | PT1.5S
          99999999999999999999999999    | 1    | PT24H
          0                             | 7    | PT7S
          -1                            | 7    | PT7S
          soon                          | 7    | PT7S
          Sun, 22 Nov 2026 12:00:30 GMT | 7    | PT7S
                                        | 7    | PT7S
          250                           |      | PT0.25S
          soon                          | soon |
          """)
  void milliseconds_go_first_where_they_can_be_read(String millis, String seconds, Duration wait) {
    assertThat(RetryAfter.parse(millis, seconds, NOON).orElse(null)).isEqualTo(wait);
  }

  @Test
  void no_header_is_no_wait() {
    assertThat(RetryAfter.parse(null, NOON)).isEmpty();
    assertThat(RetryAfter.parse(null, null, NOON)).isEmpty();
  }
}
