package dev.arcticsynth.provider.http;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The proxies that calls go through: by the JVM's properties (`https.proxyHost`,
/// `https.proxyPort`, `http.nonProxyHosts`), else by the variables that the official clients and
/// curl read (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in capitals or not).
///
/// A loopback address means this machine, which a proxy elsewhere cannot reach: it is called
/// through a proxy on this machine only.
public final class Proxies {

  private final Optional<ProxyOptions> http;
  private final Optional<ProxyOptions> https;
  private final NoProxy exceptions;

  private Proxies(Optional<ProxyOptions> http, Optional<ProxyOptions> https, NoProxy exceptions) {
    this.http = http;
    this.https = https;
    this.exceptions = exceptions;
  }

  /// As this process was started. Fails with a sentence that names what is wrong.
  public static Proxies configured() {
    return of(System::getenv, System::getProperty);
  }

  public static Proxies none() {
    return new Proxies(Optional.empty(), Optional.empty(), new NoProxy(List.of()));
  }

  /// @param variable the environment
  /// @param property the JVM's properties
  public static Proxies of(
      UnaryOperator<@Nullable String> variable, UnaryOperator<@Nullable String> property) {
    return new Proxies(
        ofProperties("http", property).or(() -> ofVariables(variable, "http_proxy")),
        ofProperties("https", property).or(() -> ofVariables(variable, "https_proxy")),
        new NoProxy(
            Stream.concat(
                    words(value(property, "http.nonProxyHosts"), "\\|"),
                    words(variable(variable, "no_proxy"), "[,\\s]+"))
                .toList()));
  }

  /// The proxy on the way to an address.
  public Optional<ProxyOptions> of(URI target) {
    return Origin.of(target)
        .flatMap(origin ->
            (origin.scheme().equals("https") ? https : http)
                .filter(proxy ->
                    !exceptions.has(origin.host(), origin.port())
                        && (!isLoopback(origin.host()) || isLoopback(proxy.getHost()))));
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("[::1]");
  }

  private static Optional<ProxyOptions> ofProperties(
      String scheme, UnaryOperator<@Nullable String> property) {
    return value(property, scheme + ".proxyHost")
        .map(host ->
            new ProxyOptions()
                .setHost(host)
                .setPort(
                    value(property, scheme + ".proxyPort")
                        .map(port -> port(scheme + ".proxyPort", port))
                        .orElse(scheme.equals("https") ? 443 : 80)));
  }

  private static Optional<ProxyOptions> ofVariables(
      UnaryOperator<@Nullable String> variable, String name) {
    return variable(variable, name)
        .map(address -> proxy(name.toUpperCase(Locale.ROOT), address))
        .or(() -> variable(variable, "all_proxy").map(address -> proxy("ALL_PROXY", address)));
  }

  /// `http://user:password@proxy:3128`; curl does without the scheme, too.
  private static ProxyOptions proxy(String variable, String address) {
    URI uri;
    try {
      uri = URI.create(address.contains("://") ? address : "http://" + address);
    } catch (IllegalArgumentException unreadable) {
      throw wrong(variable, "is no address like http://proxy.example.org:3128");
    }
    if (uri.getHost() == null) {
      throw wrong(variable, "is no address like http://proxy.example.org:3128");
    }
    var options = new ProxyOptions().setHost(uri.getHost().replaceAll("[\\[\\]]", ""));
    switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
      case "http" ->
          options.setType(ProxyType.HTTP).setPort(uri.getPort() < 0 ? 80 : uri.getPort());
      case "socks5", "socks5h" ->
          options.setType(ProxyType.SOCKS5).setPort(uri.getPort() < 0 ? 1080 : uri.getPort());
      case "socks4", "socks4a" ->
          options.setType(ProxyType.SOCKS4).setPort(uri.getPort() < 0 ? 1080 : uri.getPort());
      default ->
          throw wrong(
              variable,
              "names a proxy that is neither http:// nor socks5://; others are not spoken");
    }
    if (uri.getRawUserInfo() != null) {
      String[] user = uri.getRawUserInfo().split(":", 2);
      options.setUsername(decoded(user[0])).setPassword(user.length > 1 ? decoded(user[1]) : "");
    }
    return options;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static int port(String property, String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
      throw wrong("-D" + property, "is no port");
    }
    return Integer.parseInt(value);
  }

  private static IllegalStateException wrong(String what, String why) {
    return new IllegalStateException("%s %s.".formatted(what, why));
  }

  private static Optional<String> variable(UnaryOperator<@Nullable String> variable, String name) {
    return value(variable, name).or(() -> value(variable, name.toUpperCase(Locale.ROOT)));
  }

  private static Optional<String> value(UnaryOperator<@Nullable String> source, String name) {
    return Optional.ofNullable(source.apply(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static Stream<String> words(Optional<String> list, String separator) {
    return list.stream().flatMap(text -> Stream.of(text.split(separator)));
  }
}
