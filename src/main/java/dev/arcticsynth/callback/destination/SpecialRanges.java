package dev.arcticsynth.callback.destination;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Addresses at which no caller's receiver can be: IANA's special-purpose registries and what the
/// guards of others add to them. Java's own predicates know neither unique local addresses nor
/// carrier-grade NAT nor the tunnels.
final class SpecialRanges {

  static final List<Cidr> IPV4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          // Azure's platform address. It looks public.
          "168.63.129.16/32",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "255.255.255.255/32");

  /// Nothing outside of it is routed: loopback, unique local, link local, multicast, NAT64 and the
  /// embedded IPv4 addresses are all denied by that.
  static final Cidr IPV6_ROUTED = Cidr.parse("2000::/3");

  static final List<Cidr> IPV6 =
      blocks(
          // With Teredo, ORCHID and benchmarking.
          "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private SpecialRanges() {}

  static boolean contain(InetAddress address) {
    return address.getAddress().length == 4
        ? IPV4.stream().anyMatch(block -> block.contains(address))
        : !IPV6_ROUTED.contains(address)
            || IPV6.stream().anyMatch(block -> block.contains(address));
  }

  private static List<Cidr> blocks(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
