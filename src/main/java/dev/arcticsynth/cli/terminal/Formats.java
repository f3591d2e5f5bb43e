package dev.arcticsynth.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How numbers, times and foreign text look on a terminal.
public final class Formats {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Formats() {}

  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `1 file`, `3 files`.
  public static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  public static String count(long number, String one, String many) {
    return number(number) + " " + (number == 1 ? one : many);
  }

  /// The word behind a count.
  public static String are(long number) {
    return number == 1 ? "is" : "are";
  }

  public static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  public static String of(@Nullable String text) {
    return text == null ? "-" : text;
  }

  public static String time(@Nullable Instant time) {
    return time == null ? "-" : LOCAL.format(time.atZone(ZoneId.systemDefault()));
  }

  /// Without the day, for what happens soon.
  static String clock(@Nullable Instant time) {
    return time == null ? "-" : CLOCK.format(time.atZone(ZoneId.systemDefault()));
  }

  /// In powers of ten, as providers state their limits.
  public static String bytes(long bytes) {
    double left = bytes;
    int unit = 0;
    while (left >= 1000 && unit < BYTE_UNITS.length - 1) {
      left /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", left, BYTE_UNITS[unit]);
  }

  public static String duration(Duration duration) {
    long hours = duration.toHours();
    if (hours > 0) {
      return hours + " h " + duration.toMinutesPart() + " min";
    }
    if (duration.toMinutes() > 0) {
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  /// Foreign text on one line, unable to move the cursor or to colour what follows.
  public static String harmless(String text) {
    return CONTROL.matcher(text).replaceAll(" ");
  }
}
