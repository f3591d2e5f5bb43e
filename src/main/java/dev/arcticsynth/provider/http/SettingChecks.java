package dev.arcticsynth.provider.http;

import java.net.URI;
import java.time.Duration;

/// Checks the settings of one provider, and says which is wrong.
public record SettingChecks(String provider) {

  public URI url(String setting, URI url, String example) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      throw wrong(setting, "is no http or https address like " + example);
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw wrong(setting, "may hold a scheme, a host, a port and a path, and nothing else");
    }
    return URI.create(url.toString().replaceAll("/+$", ""));
  }

  public String header(String setting, String value) {
    String stripped = value.strip();
    if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw wrong(setting, "has characters that cannot be sent");
    }
    return stripped;
  }

  public Duration between(String setting, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw wrong(setting, "must be between %s and %s".formatted(words(least), words(most)));
    }
    return value;
  }

  public Duration atMostADay(String setting, Duration value) {
    if (!value.isPositive() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw wrong(setting, "must be more than nothing and at most a day");
    }
    return value;
  }

  public IllegalStateException wrong(String setting, String why) {
    return new IllegalStateException(
        "arctic.providers.%s.%s %s.".formatted(provider, setting, why));
  }

  private static String words(Duration duration) {
    long days = duration.toDays();
    return days > 0
        ? days == 1 ? "1 day" : days + " days"
        : duration.toHours() == 1 ? "1 hour" : duration.toHours() + " hours";
  }
}
