package dev.arcticsynth.api.http;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Bounds of what a call may ask for.
public final class ParameterParser {

  private static final int MAX_PAGE = 1_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);
  private static final Pattern WAIT = Pattern.compile("(\\d{1,6})(ms|s|m)?");

  private ParameterParser() {}

  public static int page(int limit) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new InvalidRequestException("limit", "out_of_range", "limit is 1 to 1000.");
    }
    return limit;
  }

  static @Nullable public Boolean yesOrNo(String parameter, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new InvalidRequestException(
              parameter, "wrong_type", parameter + " is true or false.");
    };
  }

  /// `30s`, `500ms`, `1m` or seconds; at most a minute, since proxies cut longer ones.
  public static Duration wait(@Nullable String text) {
    if (text == null) {
      return Duration.ZERO;
    }
    Matcher matcher = WAIT.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidRequestException(
          "wait", "invalid_duration", "wait is a duration such as 30s, 500ms or 1m.");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration wait =
        switch (String.valueOf(matcher.group(2))) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofSeconds(number);
        };
    return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
  }
}
