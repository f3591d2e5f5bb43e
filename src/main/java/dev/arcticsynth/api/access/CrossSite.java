package dev.arcticsynth.api.access;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Calls that a browser makes for a page of another site. Such a page may send what a form could
/// send, without a question before; it cannot leave out or change the headers that say so. Reading
/// is another matter: without CORS the browser keeps the answer from the page.
final class CrossSite {

  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final Set<String> allowed;

  /// Fails for what cannot be an origin.
  CrossSite(List<String> allowedOrigins) {
    this.allowed = Set.copyOf(allowedOrigins.stream().map(CrossSite::origin).toList());
  }

  private static String origin(String text) {
    String origin = text.strip().toLowerCase(Locale.ROOT);
    if (!origin.matches("https?://[a-z0-9._:\\[\\]-]+")) {
      throw new IllegalArgumentException(
          "arctic.http.allowed-origins has '%s', which is no scheme://host[:port]."
              .formatted(text));
    }
    return origin;
  }

  /// Only after the host was found to be one of ours: pages of that host are ours, too.
  Optional<Refusal> refusal(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      return Optional.empty();
    }
    List<String> origins = request.headers().getAll("Origin");
    boolean named =
        !origins.isEmpty() && origins.stream().map(CrossSite::lower).allMatch(allowed::contains);
    if (named) {
      return Optional.empty();
    }
    for (String site : request.headers().getAll("Sec-Fetch-Site")) {
      if (!OWN_SITES.contains(lower(site))) {
        return refused("Sec-Fetch-Site is '%s'".formatted(site));
      }
    }
    String host = lower(request.getHeader("Host"));
    for (String origin : origins) {
      if (!lower(origin).equals("http://" + host) && !lower(origin).equals("https://" + host)) {
        return refused("Origin is '%s'".formatted(origin));
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refused(String because) {
    return Optional.of(
        Refusal.crossSite(
            "Web pages of other sites may not make this call: %s.".formatted(because)));
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
