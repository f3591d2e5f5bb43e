package dev.arcticsynth.api.access;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Paths that two programs may read differently: a proxy or a rule about paths sees another
/// resource than the router. No name of ours needs any of these characters.
final class PathCheck {

  private static final List<String> AMBIGUOUS =
      List.of(";", "\\", "#", "//", "%3b", "%2f", "%5c", "%25", "%23", "%3f");

  private PathCheck() {}

  static Optional<Refusal> refusal(HttpServerRequest request) {
    String path = path(request.uri()).toLowerCase(Locale.ROOT);
    for (String part : AMBIGUOUS) {
      if (path.contains(part)) {
        return Optional.of(Refusal.path("The path contains '%s'.".formatted(part)));
      }
    }
    for (String segment : path.replace("%2e", ".").split("/")) {
      if (segment.equals(".") || segment.equals("..")) {
        return Optional.of(Refusal.path("The path has the segment '%s'.".formatted(segment)));
      }
    }
    return Optional.empty();
  }

  /// As it was sent, without scheme and host where the target has these.
  private static String path(String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
    return scheme < 0 ? path : path.substring(scheme + "://".length());
  }
}
