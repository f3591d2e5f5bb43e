package dev.arcticsynth.callback.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A webhook that came in, as its sender signed it. Untrusted before [#isFrom].
///
/// @param id header `webhook-id`
/// @param timestamp header `webhook-timestamp`, seconds since 1970
/// @param signatures header `webhook-signature`, a list
public record IncomingWebhook(
    @Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body) {

  private static final Duration TOLERANCE = Duration.ofSeconds(300);
  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");

  /// Whether it was signed with the secret within five minutes of now.
  public boolean isFrom(Secret secret, Instant now) {
    if (id == null || timestamp == null || signatures == null) {
      return false;
    }
    if (!SECONDS.matcher(timestamp).matches()) {
      return false;
    }
    var sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(sent, now).abs().compareTo(TOLERANCE) > 0) {
      return false;
    }
    byte[] right = Signature.of(secret, id, timestamp, body).getBytes(UTF_8);
    boolean found = false;
    for (String one : signatures.split(" ")) {
      found |= MessageDigest.isEqual(right, one.getBytes(UTF_8));
    }
    return found;
  }
}
