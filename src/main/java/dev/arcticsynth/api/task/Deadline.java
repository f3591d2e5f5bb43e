package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A task's deadline as the API takes it: a time (`2027-01-31T18:00:00Z`), or how long from now
/// (`36h`, `90m`, `7d`, `PT36H`).
final class Deadline {

  private static final Duration LONGEST = Duration.ofDays(366);
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})([smhd])");

  private Deadline() {}

  /// Fails with [InvalidRequestException] for what cannot be read, is not in the future, or is more
  /// than a year away.
  static Optional<Instant> of(@Nullable String text, Instant now) {
    if (text == null) {
      return Optional.empty();
    }
    Instant deadline = read(text, now);
    if (!deadline.isAfter(now)) {
      throw new InvalidRequestException(
          "/deadline",
          "in_the_past",
          "deadline %s is not in the future; it is %s now.".formatted(deadline, now));
    }
    if (deadline.isAfter(now.plus(LONGEST))) {
      throw new InvalidRequestException(
          "/deadline", "out_of_range", "deadline is at most a year away; leave it out for none.");
    }
    return Optional.of(deadline);
  }

  // To the microsecond, as PostgreSQL keeps it.
  private static Instant read(String text, Instant now) {
    try {
      var in = SHORT.matcher(text);
      Instant moment =
          in.matches()
              ? now.plus(Long.parseLong(in.group(1)), unit(in.group(2)))
              : text.startsWith("P")
                  ? now.plus(Duration.parse(text))
                  : OffsetDateTime.parse(text).toInstant();
      return moment.truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException | ArithmeticException e) {
      throw new InvalidRequestException(
          "/deadline",
          "invalid_deadline",
          "deadline is a moment with its offset, such as 2027-01-31T18:00:00Z, or how long from now, such as 36h or PT36H.");
    }
  }

  private static ChronoUnit unit(String letter) {
    return switch (letter) {
      case "s" -> ChronoUnit.SECONDS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.DAYS;
    };
  }
}
