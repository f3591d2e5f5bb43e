package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.http.ApiVersion;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Validates an account's values before anything is started, and names them as the credentials file
/// does. No message quotes a value: it may be a secret in the wrong place.
///
/// @param place where they stand, as a sentence begins
record CredentialChecks(String place) {
  /// No key and no address needs others, and a `$` would begin a reference in the configuration.
  private static final Pattern SENDABLE = Pattern.compile("[!-~&&[^$\\\\]]{1,4096}");

  private static final Pattern TEXT =
      Pattern.compile("[!-~&&[^$\\\\]]([ -~&&[^$\\\\]]{0,4094}[!-~&&[^$\\\\]])?");
  private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9._~-]{1,200}");

  static CredentialChecks ofFile(Path file) {
    return new CredentialChecks("In the credentials file " + file);
  }

  static CredentialChecks ofEnvironment() {
    return new CredentialChecks("In the environment");
  }

  /// @param setting what it is to the provider
  /// @param name its name in the file
  String value(String setting, String name, Optional<String> value) {
    String text =
        value
            .filter(found -> SENDABLE.matcher(found).matches())
            .orElseThrow(() -> wrong(name, "is not a text that could be sent"));
    switch (setting) {
      case "url", "endpoint" -> requireAddress(name, text);
      case "api-version" -> requireVersion(name, text);
      default -> {}
    }
    return text;
  }

  /// Values of a mapping: headers, query parameters. Unlike keys they may have blanks.
  Map<String, String> texts(String name, Map<String, String> texts) {
    texts.forEach((key, text) -> {
      if (!MEMBER.matcher(key).matches() || !TEXT.matcher(text).matches()) {
        throw wrong(name, "has a name or a text that could not be sent");
      }
    });
    return texts;
  }

  /// The provider's own check would name a setting of ours.
  private void requireVersion(String name, String version) {
    if (!ApiVersion.isWellFormed(version)) {
      throw wrong(
          name,
          "is no date like 2024-10-21 or 2025-03-01-preview; leave it out for the API v1, which"
              + " needs none");
    }
  }

  private void requireAddress(String name, String address) {
    URI uri =
        parsed(address)
            .filter(found ->
                found.getHost() != null && String.valueOf(found.getScheme()).matches("https?"))
            .orElseThrow(() -> wrong(name, "is not an address like https://example.org"));
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw wrong(name, "may hold a scheme, a host, a port and a path, and nothing else");
    }
  }

  private static Optional<URI> parsed(String address) {
    try {
      return Optional.of(URI.create(address));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Failure.Usage wrong(String name, String why) {
    return new Failure.Usage("%s, %s %s.".formatted(place, name, why));
  }
}
