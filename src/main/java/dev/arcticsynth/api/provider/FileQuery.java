package dev.arcticsynth.api.provider;

import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.ParameterParser;
import dev.arcticsynth.pipeline.account.AccountFile.FileFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks the parameters that select files.
final class FileQuery {

  /// More would not fit into the line of a request.
  private static final int MAX_IDS = 50;

  private static final int MAX_DAYS = 36_500;
  private static final Pattern ID = Pattern.compile("[!-+.-~-]{1,256}");

  private FileQuery() {}

  static FileFilter wanted(@Nullable String olderThanDays, String owner, Instant now) {
    return new FileFilter(
        Optional.ofNullable(olderThanDays).map(days -> now.minus(days(days))), others(owner));
  }

  static void requireAge(@Nullable String olderThanDays) {
    if (olderThanDays == null) {
      throw new InvalidRequestException(
          "older_than_days",
          "missing_parameter",
          "Nothing was deleted: older_than_days=N is required; 0 means all.");
    }
  }

  static void requireConfirmed(@Nullable String confirm) {
    if (!Boolean.TRUE.equals(ParameterParser.yesOrNo("confirm", confirm))) {
      throw new InvalidRequestException(
          "confirm",
          "not_confirmed",
          "Nothing was deleted: a GET with the same parameters lists the files; confirm=true deletes them.");
    }
  }

  /// Comma-separated, each once.
  static List<String> ids(String text) {
    List<String> ids = Stream.of(text.split(",")).map(String::strip).distinct().toList();
    boolean bad = ids.stream().anyMatch(id -> !ID.matcher(id).matches() || id.matches("\\.+"));
    if (bad || ids.size() > MAX_IDS) {
      throw new InvalidRequestException(
          "ids", "invalid_ids", "ids are 1 to 50 comma-separated file ids.");
    }
    return ids;
  }

  private static Duration days(String text) {
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MAX_DAYS) {
      throw new InvalidRequestException(
          "older_than_days",
          "out_of_range",
          "older_than_days is a whole number of days from 0 to 36500.");
    }
    return Duration.ofDays(Integer.parseInt(text));
  }

  private static boolean others(String owner) {
    return switch (owner) {
      case "ours" -> false;
      case "all" -> true;
      default ->
          throw new InvalidRequestException("owner", "unknown_owner", "owner is ours or all.");
    };
  }
}
