package dev.arcticsynth.callback.destination;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// To which addresses a connection may be made.
///
/// @param allow what the operator allows in spite of everything
/// @param deny what the operator denies besides the special ranges
record AddressRules(List<Cidr> allow, List<Cidr> deny) {

  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr COMPATIBLE = Cidr.parse("::/96");

  AddressRules {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  /// An address that has another one inside is permitted only if both are.
  boolean permit(InetAddress address) {
    return forms(address).allMatch(this::permitAsItIs);
  }

  private boolean permitAsItIs(InetAddress address) {
    return allow.stream().anyMatch(block -> block.contains(address))
        || (!SpecialRanges.contain(address)
            && deny.stream().noneMatch(block -> block.contains(address)));
  }

  private static Stream<InetAddress> forms(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return Stream.of(address);
    }
    if (isMapped(bytes)) {
      return Stream.of(last4(bytes));
    }
    return hasAnother(address) ? Stream.of(address, last4(bytes)) : Stream.of(address);
  }

  private static boolean hasAnother(InetAddress address) {
    return NAT64.contains(address)
        || (COMPATIBLE.contains(address) && !address.isLoopbackAddress());
  }

  private static boolean isMapped(byte[] bytes) {
    return Arrays.equals(bytes, 0, 10, new byte[10], 0, 10) && bytes[10] == -1 && bytes[11] == -1;
  }

  private static InetAddress last4(byte[] bytes) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }
}
