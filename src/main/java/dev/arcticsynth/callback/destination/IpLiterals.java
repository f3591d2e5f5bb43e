package dev.arcticsynth.callback.destination;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// Addresses as text, in the one unambiguous spelling: four decimal numbers, or RFC 5952. Octal,
/// hexadecimal, short and zoned spellings are no addresses here, since one parser may take for
/// 127.0.0.1 what another one takes for a name.
final class IpLiterals {

  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-f:]{2,39}");

  private IpLiterals() {}

  /// Without brackets.
  static Optional<InetAddress> address(String text) {
    if (IPV4.matcher(text).matches()) {
      return Optional.of(InetAddress.ofLiteral(text));
    }
    if (!IPV6.matcher(text).matches() || text.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      return address instanceof Inet6Address && text(address).equals(text)
          ? Optional.of(address)
          : Optional.empty();
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  /// Of IPv6 the spelling of RFC 5952, which Java does not know.
  static String text(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    int[] groups = new int[8];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }
    int gap = longestGap(groups);
    int end = gap < 0 ? -1 : gap + zeros(groups, gap);
    var text = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == gap) {
        text.append("::");
        i = end - 1;
      } else {
        text.append(i == 0 || i == end ? "" : ":").append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  /// Where the first of the longest runs of zeros begins; -1 where none has two of them.
  private static int longestGap(int[] groups) {
    int found = -1;
    int longest = 1;
    for (int i = 0; i < groups.length; i++) {
      if (zeros(groups, i) > longest) {
        found = i;
        longest = zeros(groups, i);
      }
    }
    return found;
  }

  private static int zeros(int[] groups, int from) {
    int end = from;
    while (end < groups.length && groups[end] == 0) {
      end++;
    }
    return end - from;
  }
}
