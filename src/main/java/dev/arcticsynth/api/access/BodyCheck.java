package dev.arcticsynth.api.access;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Bodies that no caller of ours sends. A form, or a page's script without asking first, can send
/// only text, form fields, or bytes without a type.
final class BodyCheck {

  private static final Set<String> KNOWN = Set.of("application/json", "application/x-ndjson");

  /// A limit of the framework, which answers without a problem.
  private static final long MOST = 8191L << 50;

  private BodyCheck() {}

  static Optional<Refusal> refusal(HttpServerRequest request) {
    List<String> codings = request.headers().getAll("Transfer-Encoding");
    if (!codings.isEmpty() && !lower(String.join(",", codings)).equals("chunked")) {
      return Optional.of(
          Refusal.transferCoding("The only Transfer-Encoding that is understood is chunked."));
    }
    long length = length(request.getHeader("Content-Length"));
    if (length > MOST) {
      return Optional.of(Refusal.tooLarge("The body has more bytes than any limit allows."));
    }
    return length == 0 && codings.isEmpty() || isKnown(request.headers().getAll("Content-Type"))
        ? Optional.empty()
        : Optional.of(
            Refusal.contentType(
                "The content type must be application/json or application/x-ndjson."));
  }

  private static long length(@Nullable String header) {
    try {
      return header == null ? 0 : Long.parseLong(header.strip());
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static boolean isKnown(List<String> types) {
    return !types.isEmpty()
        && types.stream().allMatch(type -> KNOWN.contains(lower(type.split(";", 2)[0])));
  }

  private static String lower(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
