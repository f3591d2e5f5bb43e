package dev.arcticsynth.http;

import java.util.regex.Pattern;

/// The query parameter `api-version` of an API whose versions are dates, as at Azure.
public final class ApiVersion {

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(-preview)?");

  private ApiVersion() {}

  /// Whether this is a version like `2024-10-21` or `2025-03-01-preview`.
  public static boolean isWellFormed(String version) {
    return DATE.matcher(version).matches();
  }
}
