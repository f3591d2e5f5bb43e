package dev.arcticsynth.callback;

import java.util.Locale;
import java.util.regex.Pattern;

/// A host that an operator trusts: `sink.example.com`, or `*.example.com` for all below.
record HostPattern(boolean isSuffix, String name) {

  private static final Pattern TEXT = Pattern.compile("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*");

  /// Fails with [IllegalArgumentException], so that a slip stops the start.
  static HostPattern parse(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (!TEXT.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "arctic.callback.allow: '%s' is no host, no *.suffix and no block of addresses."
              .formatted(text));
    }
    boolean suffix = name.startsWith("*");
    return new HostPattern(suffix, suffix ? name.substring(1) : name);
  }

  boolean matches(String host) {
    return isSuffix ? host.endsWith(name) && host.length() > name.length() : host.equals(name);
  }
}
