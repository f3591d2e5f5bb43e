package dev.arcticsynth.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/// A header with any content is a wait within a day, or none.
class RetryAfterPropertyTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration DAY = Duration.ofHours(24);

  @Property(tries = 2_000, seed = "20261123")
  void whatever_is_written_is_a_wait_of_at_most_a_day_or_none(@ForAll("headers") String header) {
    // When
    var wait = RetryAfter.parse(header, NOON);

    // Then
    assertThat(wait.stream())
        .allSatisfy(given -> assertThat(given).isPositive().isLessThanOrEqualTo(DAY));
  }

  @Property(tries = 2_000, seed = "20261123")
  void seconds_are_taken_as_they_are(
      @ForAll @net.jqwik.api.constraints.BigRange(min = "1") BigInteger seconds) {
    // When
    var wait = RetryAfter.parse(seconds.toString(), NOON);

    // Then
    assertThat(wait)
        .contains(Duration.ofSeconds(seconds.min(BigInteger.valueOf(86_400)).longValueExact()));
  }

  @Property(tries = 2_000, seed = "20261123")
  void a_date_is_as_long_as_it_is_away(
      @ForAll @LongRange(min = -200_000, max = 200_000) long seconds) {
    // Given
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            NOON.plusSeconds(seconds).atOffset(ZoneOffset.UTC));

    // When
    var wait = RetryAfter.parse(date, NOON);

    // Then
    if (seconds > 0) {
      assertThat(wait).contains(Duration.ofSeconds(Math.min(seconds, DAY.toSeconds())));
    } else {
      assertThat(wait).isEmpty();
    }
  }

  @Provide
  Arbitrary<String> headers() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings().withChars("0123456789.-+eE ").ofMaxLength(30),
        Arbitraries.strings().withChars("Sun, 0123456789NovDec:GMT+-").ofMaxLength(32));
  }
}
