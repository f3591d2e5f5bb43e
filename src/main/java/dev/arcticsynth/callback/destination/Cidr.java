package dev.arcticsynth.callback.destination;

import java.net.InetAddress;
import java.util.Arrays;

/// A block of addresses: `10.0.0.0/8`, `fd00::/8`, or one address alone.
record Cidr(InetAddress network, int bits) {

  Cidr {
    if (bits < 0 || bits > network.getAddress().length * 8) {
      throw new IllegalArgumentException("no such prefix length: " + bits);
    }
  }

  /// Fails with [IllegalArgumentException] where the text is no block.
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network =
        IpLiterals.address(slash < 0 ? text : text.substring(0, slash))
            .orElseThrow(() -> new IllegalArgumentException("not an address or block: " + text));
    return new Cidr(
        network,
        slash < 0
            ? network.getAddress().length * 8
            : Integer.parseUnsignedInt(text.substring(slash + 1)));
  }

  boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    int whole = bits / 8;
    int rest = bits % 8;
    return ours.length == theirs.length
        && Arrays.equals(ours, 0, whole, theirs, 0, whole)
        && (rest == 0 || ((ours[whole] ^ theirs[whole]) & 0xff) >>> (8 - rest) == 0);
  }
}
