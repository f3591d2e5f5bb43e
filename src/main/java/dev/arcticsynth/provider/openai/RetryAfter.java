package dev.arcticsynth.provider.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the header `Retry-After`, which comes as seconds or as a date. What asks for no wait at
/// all or cannot be read counts as absent, and nobody makes us wait longer than a day.
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Pattern SECONDS = Pattern.compile("(\\d+)(\\.\\d*)?");

  private RetryAfter() {}

  static Optional<Duration> parse(@Nullable String header, InstantSource clock) {
    if (header == null) {
      return Optional.empty();
    }
    return wait(header.strip(), clock)
        .filter(Duration::isPositive)
        .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }

  private static Optional<Duration> wait(String header, InstantSource clock) {
    var seconds = SECONDS.matcher(header);
    if (seconds.matches()) {
      String digits = seconds.group(1);
      return Optional.of(
          digits.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(digits)));
    }
    try {
      var date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of(Duration.between(clock.instant(), date));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }
}
