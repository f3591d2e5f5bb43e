package dev.arcticsynth.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `retry-after-ms` and `Retry-After`, which comes as seconds or as a date. A value that is
/// not positive or cannot be read counts as absent; a longer wait than a day counts as a day.
public final class RetryAfter {

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Pattern NUMBER = Pattern.compile("(\\d+)(\\.\\d*)?");

  private RetryAfter() {}

  /// The wait of a reply with both headers: the one in milliseconds wins where it can be read.
  public static Optional<Duration> parse(
      @Nullable String millis, @Nullable String secondsOrDate, Instant now) {
    return millis(millis).or(() -> parse(secondsOrDate, now));
  }

  public static Optional<Duration> parse(@Nullable String secondsOrDate, Instant now) {
    return secondsOrDate == null
        ? Optional.empty()
        : wait(secondsOrDate.strip(), now).flatMap(RetryAfter::bounded);
  }

  private static Optional<Duration> millis(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    var millis = NUMBER.matcher(header.strip());
    return millis.matches() ? bounded(whole(millis.group(1), ChronoUnit.MILLIS)) : Optional.empty();
  }

  private static Optional<Duration> wait(String header, Instant now) {
    var seconds = NUMBER.matcher(header);
    if (seconds.matches()) {
      return Optional.of(whole(seconds.group(1), ChronoUnit.SECONDS));
    }
    try {
      var date = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of(Duration.between(now, date));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> bounded(Duration wait) {
    return Optional.of(wait)
        .filter(Duration::isPositive)
        .map(given -> given.compareTo(LONGEST) > 0 ? LONGEST : given);
  }

  private static Duration whole(String digits, ChronoUnit unit) {
    return digits.length() > 9 ? LONGEST : Duration.of(Long.parseLong(digits), unit);
  }
}
