package dev.arcticsynth.callback.destination;

import dev.arcticsynth.callback.InvalidCallbackException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a callback goes: a url, parsed once by one strict parser.
///
/// @param host a name in lower case, or an address without brackets
/// @param target path and query, as sent
public record Destination(boolean isSecure, String host, int port, String target) {

  private static final int LONGEST = 2_048;
  private static final int LONGEST_NAME = 253;
  private static final String CHARACTER = "[A-Za-z0-9._~!$&'()*+,;=:@/-]++|%[0-9A-Fa-f]{2}";
  // User information and fragments are not allowed.
  private static final Pattern URL =
      Pattern.compile(
          "(?i:(https?))://(\\[[^\\[\\]]*\\]|[A-Za-z0-9.-]+)(?::([1-9]\\d{0,4}))?"
              + "((?:/(?:%1$s)*)?(?:\\?(?:%1$s|\\?)*)?)".replace("%1$s", CHARACTER));
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
  // A host that ends in a number is an address to some resolvers, however it is spelt.
  private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)");

  /// Fails with [InvalidCallbackException] where the text is not such a url, whatever the rules.
  static Destination parse(String url) {
    if (url.length() > LONGEST) {
      throw malformed("It is longer than 2,048 characters.");
    }
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw malformed(
          "It is https://host[:port][/path][?query] in ASCII, without user, password and fragment;"
              + " a name with other letters is written as xn--….");
    }
    boolean secure = parts.group(1).toLowerCase(Locale.ROOT).equals("https");
    int port = parts.group(3) == null ? (secure ? 443 : 80) : Integer.parseInt(parts.group(3));
    if (port > 65_535) {
      throw malformed("There is no port " + port + ".");
    }
    String target = parts.group(4);
    return new Destination(
        secure, host(parts.group(2)), port, target.startsWith("/") ? target : "/" + target);
  }

  private static String host(String text) {
    if (text.startsWith("[")) {
      String address = text.substring(1, text.length() - 1);
      if (IpLiterals.address(address).isEmpty()) {
        throw malformed("An IPv6 address is spelt as in RFC 5952, without a zone.");
      }
      return address;
    }
    String host = text.toLowerCase(Locale.ROOT);
    if (ENDS_IN_A_NUMBER.matcher(host).matches()) {
      if (IpLiterals.address(host).isEmpty()) {
        throw malformed("An IPv4 address is spelt as four decimal numbers.");
      }
    } else if (host.length() > LONGEST_NAME || !NAME.matcher(host).matches()) {
      throw malformed("The host is not a name: labels of letters, digits and '-', joined by dots.");
    }
    return host;
  }

  private static InvalidCallbackException malformed(String detail) {
    return InvalidCallbackException.url("invalid_url", "Not a url for callbacks. " + detail);
  }

  /// The host, where it is an address and no name.
  public Optional<InetAddress> literal() {
    return IpLiterals.address(host);
  }

  /// With brackets where the host is an IPv6 address.
  public String hostInUrl() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /// The value of the header `Host`.
  public String authority() {
    return hostInUrl() + (port == (isSecure ? 443 : 80) ? "" : ":" + port);
  }

  @Override
  public String toString() {
    // A receiver's path and query may serve as a password.
    return (isSecure ? "https://" : "http://") + authority();
  }
}
