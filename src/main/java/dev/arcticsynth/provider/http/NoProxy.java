package dev.arcticsynth.provider.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The hosts that are called without a proxy: `example.org` (with all below it), `.example.org`,
/// `*.example.org`, `127.*`, `10.1.2.3`, `10.0.0.0/8`, each with or without a port, or `*`.
record NoProxy(List<String> entries) {

  NoProxy {
    entries =
        entries.stream()
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .toList();
  }

  boolean has(String host, int port) {
    String bare = bare(host);
    return entries.stream().anyMatch(entry -> matches(entry, bare, port));
  }

  private static boolean matches(String entry, String host, int port) {
    if (entry.equals("*") || bare(entry).equals(host)) {
      return true;
    }
    if (entry.contains("/")) {
      return isInRange(entry, host);
    }
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon > 0 && entry.indexOf(':') == colon || entry.contains("]:");
    if (hasPort && !entry.substring(colon + 1).equals(Integer.toString(port))) {
      return false;
    }
    String name = bare(hasPort ? entry.substring(0, colon) : entry);
    if (name.endsWith("*")) {
      return host.startsWith(name.substring(0, name.length() - 1));
    }
    String domain = name.replaceFirst("^\\*?\\.", "");
    return host.equals(domain) || host.endsWith("." + domain);
  }

  /// `10.0.0.0/8`. Names are not looked up.
  private static boolean isInRange(String range, String host) {
    int slash = range.indexOf('/');
    Optional<byte[]> net = address(bare(range.substring(0, slash)));
    Optional<byte[]> address = address(host);
    String length = range.substring(slash + 1);
    if (net.isEmpty() || address.isEmpty() || !length.matches("\\d{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(length);
    byte[] a = net.get();
    byte[] b = address.get();
    if (a.length != b.length || bits > a.length * 8) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> address(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host).getAddress());
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
