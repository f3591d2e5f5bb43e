package dev.arcticsynth.provider.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where an address leads: scheme, host and port. Credentials are sent to the account's own origin
/// only, and a redirect that leaves it is not followed with them.
record Origin(String scheme, String host, int port) {

  /// Empty where there is none, as in `mailto:` addresses.
  static Optional<Origin> of(URI address) {
    String scheme = address.getScheme();
    String host = address.getHost();
    if (scheme == null || host == null) {
      return Optional.empty();
    }
    String lower = scheme.toLowerCase(Locale.ROOT);
    boolean isEncrypted = lower.equals("https");
    if (!isEncrypted && !lower.equals("http")) {
      return Optional.empty();
    }
    int port = address.getPort() >= 0 ? address.getPort() : isEncrypted ? 443 : 80;
    return Optional.of(new Origin(lower, host.toLowerCase(Locale.ROOT), port));
  }

  static boolean isSame(URI a, URI b) {
    Optional<Origin> origin = of(a);
    return origin.isPresent() && origin.equals(of(b));
  }

  /// The address that a redirect names; empty where the answer is none, or names none that can be
  /// read.
  static Optional<URI> redirect(URI from, int status, @Nullable String location) {
    boolean isRedirect =
        switch (status) {
          case 301, 302, 303, 307, 308 -> location != null && !location.isBlank();
          default -> false;
        };
    if (!isRedirect) {
      return Optional.empty();
    }
    try {
      return Optional.of(from.resolve(String.valueOf(location).strip()));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /// An address for people: what is behind its path may be a secret.
  static String words(URI address) {
    return LogSanitizer.of(
        of(address)
            .map(origin -> {
              boolean isUsual = origin.port() == (origin.scheme().equals("https") ? 443 : 80);
              String path = address.getRawPath() == null ? "" : address.getRawPath();
              return origin.scheme()
                  + "://"
                  + origin.host()
                  + (isUsual ? "" : ":" + origin.port())
                  + path;
            })
            .orElseGet(() -> address.getScheme() + ":"));
  }
}
