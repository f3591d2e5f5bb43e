package dev.arcticsynth.callback.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Receivers that used up the limit of an attempt get less time at the next ones, so that they do
/// not take all slots from others. Hosts of a domain count as one: an attacker has as many names as
/// he likes.
///
/// Kept in memory: after a restart each may use it up once more.
final class SlowReceivers {

  static final Duration SHORT = Duration.ofSeconds(5);

  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final int MOST = 1_000;

  private final Duration usual;
  private final Map<String, Instant> until = new LinkedHashMap<>();

  SlowReceivers(Duration usual) {
    this.usual = usual;
  }

  /// The limit of an attempt at a host.
  synchronized Duration limit(String host, Instant now) {
    Instant end = until.get(domain(host));
    boolean isSlow = end != null && now.isBefore(end);
    return isSlow && SHORT.compareTo(usual) < 0 ? SHORT : usual;
  }

  synchronized void note(String host, DeliveryOutcome outcome, Instant now) {
    String domain = domain(host);
    if (outcome.trouble().filter(DeliveryError.TIMEOUT::equals).isPresent()) {
      until.remove(domain);
      until.put(domain, now.plus(REMEMBERED));
      if (until.size() > MOST) {
        until.remove(until.keySet().iterator().next());
      }
    } else if (outcome.isDelivered()) {
      until.remove(domain);
    }
  }

  /// Without the first name, where two or more are left.
  private static String domain(String host) {
    boolean isAddress = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
    int dot = host.indexOf('.');
    return isAddress || dot < 0 || host.indexOf('.', dot + 1) < 0 ? host : host.substring(dot + 1);
  }
}
