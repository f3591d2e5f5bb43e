package dev.arcticsynth.provider.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `retry-after-ms` and `Retry-After`, which comes as seconds or as a date. What asks for no
/// wait at all or cannot be read counts as absent, and nobody makes us wait longer than a day.
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Pattern NUMBER = Pattern.compile("(\\d+)(\\.\\d*)?");

  private RetryAfter() {}

  static Optional<Duration> of(Reply reply, InstantSource clock) {
    return millis(reply.retryAfterMillis()).or(() -> parse(reply.retryAfter(), clock));
  }

  static Optional<Duration> millis(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    var millis = NUMBER.matcher(header.strip());
    return millis.matches() ? bounded(whole(millis.group(1), ChronoUnit.MILLIS)) : Optional.empty();
  }

  static Optional<Duration> parse(@Nullable String header, InstantSource clock) {
    return header == null
        ? Optional.empty()
        : wait(header.strip(), clock).flatMap(RetryAfter::bounded);
  }

  private static Optional<Duration> bounded(Duration wait) {
    return Optional.of(wait)
        .filter(Duration::isPositive)
        .map(given -> given.compareTo(LONGEST) > 0 ? LONGEST : given);
  }

  private static Optional<Duration> wait(String header, InstantSource clock) {
    var seconds = NUMBER.matcher(header);
    if (seconds.matches()) {
      return Optional.of(whole(seconds.group(1), ChronoUnit.SECONDS));
    }
    try {
      var date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of(Duration.between(clock.instant(), date));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }

  private static Duration whole(String digits, ChronoUnit unit) {
    return digits.length() > 9 ? LONGEST : Duration.of(Long.parseLong(digits), unit);
  }
}
