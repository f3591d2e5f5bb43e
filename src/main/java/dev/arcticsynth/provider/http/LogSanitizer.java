package dev.arcticsynth.provider.http;

import java.util.regex.Pattern;

/// Makes foreign text fit for our messages: one short line without secrets.
public final class LogSanitizer {

  private static final int MAX_LENGTH = 300;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");
  private static final Pattern KEY =
      Pattern.compile("\\b(sk|pk|rk|sess)-[A-Za-z0-9_*.\\-]{4,}|(?i:bearer)\\s+\\S+");

  private LogSanitizer() {}

  public static String of(String text) {
    // Cut first, generously: the patterns should not run over a page of megabytes.
    String start = text.length() > 4 * MAX_LENGTH ? text.substring(0, 4 * MAX_LENGTH) : text;
    String line = CONTROL.matcher(start).replaceAll(" ").strip();
    String masked =
        KEY.matcher(line)
            .replaceAll(key -> key.group(1) == null ? "Bearer …" : key.group(1) + "-…");
    return masked.length() > MAX_LENGTH ? masked.substring(0, MAX_LENGTH - 1) + "…" : masked;
  }
}
