package dev.arcticsynth.callback;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the header `Retry-After`, which comes as seconds or as a date. What asks for no wait or
/// cannot be read counts as absent, and nobody makes us wait longer than a day.
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Pattern SECONDS = Pattern.compile("\\d+");

  private RetryAfter() {}

  static Optional<Duration> parse(@Nullable String header, Instant now) {
    return header == null
        ? Optional.empty()
        : wait(header.strip(), now)
            .filter(Duration::isPositive)
            .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
  }

  private static Optional<Duration> wait(String header, Instant now) {
    if (SECONDS.matcher(header).matches()) {
      return Optional.of(
          header.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(header)));
    }
    try {
      var date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of(Duration.between(now, date));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }
}
