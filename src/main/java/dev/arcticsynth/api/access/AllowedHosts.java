package dev.arcticsynth.api.access;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names under which the service may be called. A web page whose own name is pointed at this
/// machine (DNS rebinding) is of the same origin for its browser, and could read everything; it
/// cannot change the name that the browser sends.
final class AllowedHosts {

  private static final String ANY = "*";
  private static final String BELOW = "*.";

  private static final Pattern AUTHORITY =
      Pattern.compile("(?:\\[([0-9a-f:.]+)]|([a-z0-9._-]{1,255}))(?::[0-9]{0,5})?");

  private static final Pattern CONFIGURED =
      Pattern.compile("(?:\\*\\.)?[a-z0-9._-]{1,255}|[0-9a-f:.]+|\\*");

  private final List<String> configured;

  /// Fails for what cannot be a name.
  AllowedHosts(List<String> configured) {
    this.configured = configured.stream().map(AllowedHosts::pattern).toList();
  }

  private static String pattern(String text) {
    String pattern = withoutDot(text.strip().toLowerCase(Locale.ROOT));
    if (!CONFIGURED.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          "arctic.http.allowed-hosts has '%s', which is neither a name without port, nor *.NAME, nor *."
              .formatted(text));
    }
    return pattern;
  }

  Optional<Refusal> refusal(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll("Host");
    if (hosts.size() != 1) {
      return Optional.of(
          Refusal.malformed(
              hosts.isEmpty() ? "The header Host is missing." : "The header Host is repeated."));
    }
    return refusal(hosts.getFirst(), request)
        .or(() -> authority(request.uri()).flatMap(named -> refusal(named, request)));
  }

  private Optional<Refusal> refusal(String host, HttpServerRequest request) {
    Matcher matcher = AUTHORITY.matcher(host.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.of(Refusal.malformed("The header Host is no name with a port."));
    }
    @Nullable String literal = matcher.group(1);
    String name = literal == null ? withoutDot(matcher.group(2)) : literal;
    return allows(name, request.localAddress())
        ? Optional.empty()
        : Optional.of(
            Refusal.host(
                "Calls for the host '%s' are not taken; ARCTIC_HTTP_ALLOWED_HOSTS names those that are, besides localhost and the machine's own addresses."
                    .formatted(name)));
  }

  /// A target with a scheme names its host itself, and wins over the header.
  private static Optional<String> authority(String uri) {
    return uri.startsWith("/") || !uri.contains("://")
        ? Optional.empty()
        : Optional.ofNullable(URI.create(uri).getRawAuthority());
  }

  private boolean allows(String name, @Nullable SocketAddress local) {
    return name.equals("localhost")
        || configured.stream().anyMatch(pattern -> matches(pattern, name))
        || isOwnAddress(name, local);
  }

  private static boolean matches(String pattern, String name) {
    return pattern.startsWith(BELOW)
        ? name.endsWith(pattern.substring(1)) && name.length() > pattern.length() - 1
        : pattern.equals(ANY) || pattern.equals(name);
  }

  /// Probes and scrapers call a pod by its address.
  private static boolean isOwnAddress(String name, @Nullable SocketAddress local) {
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(name);
    if (bytes == null) {
      return false;
    }
    try {
      InetAddress address = InetAddress.getByAddress(bytes);
      return address.isLoopbackAddress()
          || (local != null && name.equals(local.hostAddress()))
          || (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) != null);
    } catch (UnknownHostException | SocketException e) {
      return false;
    }
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
