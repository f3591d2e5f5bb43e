package dev.arcticsynth.callback.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of special addresses against one that is written and computed in another way.
class CidrTest {

  private static final long SEED = 20261122;
  private static final AddressRules RULES = new AddressRules(List.of(), List.of());

  /// First and last addresses, as numbers.
  private static final List<Range> DENIED_4 =
      Stream.of(
              "00000000-00ffffff",
              "0a000000-0affffff",
              "64400000-647fffff",
              "7f000000-7fffffff",
              "a83f8110-a83f8110",
              "a9fe0000-a9feffff",
              "ac100000-ac1fffff",
              "c0000000-c00000ff",
              "c0000200-c00002ff",
              "c0586300-c05863ff",
              "c0a80000-c0a8ffff",
              "c6120000-c613ffff",
              "c6336400-c63364ff",
              "cb007100-cb0071ff",
              "e0000000-ffffffff")
          .map(Range::of)
          .toList();

  private static final List<Range> DENIED_6 =
      Stream.of(
              // Below and above 2000::/3.
              "00000000000000000000000000000000-1fffffffffffffffffffffffffffffff",
              "40000000000000000000000000000000-ffffffffffffffffffffffffffffffff",
              "20010000000000000000000000000000-200101ffffffffffffffffffffffffff",
              "20010db8000000000000000000000000-20010db8ffffffffffffffffffffffff",
              "20020000000000000000000000000000-2002ffffffffffffffffffffffffffff",
              "3fff0000000000000000000000000000-3fff0fffffffffffffffffffffffffff")
          .map(Range::of)
          .toList();

  @Test
  void a_million_random_addresses_are_judged_as_by_an_independent_table() throws Exception {
    // Given
    var random = new Random(SEED);
    int denied = 0;

    for (int n = 0; n < 1_000_000; n++) {
      // When
      InetAddress address = n % 2 == 0 ? v4(random) : v6(random);
      boolean permitted = RULES.permit(address);

      // Then
      if (permitted == isDenied(address)) {
        assertThat(permitted)
            .as("%s, seed %d, n %d", address, SEED, n)
            .isEqualTo(!isDenied(address));
      }
      // What Java knows of is denied as well.
      if (address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || address.isLinkLocalAddress()
          || address.isSiteLocalAddress()
          || address.isMulticastAddress()) {
        assertThat(permitted).as(address.toString()).isFalse();
      }
      denied += permitted ? 0 : 1;
    }
    assertThat(denied).isBetween(200_000, 800_000);
  }

  @Test
  void the_edges_of_every_range_are_denied_and_their_neighbours_are_not() {
    for (List<Range> ranges : List.of(DENIED_4, DENIED_6)) {
      int bytes = ranges.equals(DENIED_4) ? 4 : 16;
      for (Range range : ranges) {
        assertThat(RULES.permit(address(range.first(), bytes))).as("first of " + range).isFalse();
        assertThat(RULES.permit(address(range.last(), bytes))).as("last of " + range).isFalse();
        for (BigInteger next :
            List.of(range.first().subtract(BigInteger.ONE), range.last().add(BigInteger.ONE))) {
          if (next.signum() >= 0 && next.bitLength() <= bytes * 8) {
            InetAddress neighbour = address(next, bytes);
            assertThat(RULES.permit(neighbour))
                .as(neighbour.toString())
                .isEqualTo(!isDenied(neighbour));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.255.255,true",
    "10.0.0.0/8,11.0.0.0,false",
    "192.0.2.128/25,192.0.2.127,false",
    "192.0.2.128/25,192.0.2.128,true",
    "192.0.2.7,192.0.2.7,true",
    "192.0.2.7,192.0.2.6,false",
    "0.0.0.0/0,255.255.255.255,true",
    "fd00::/8,fdff:ffff::1,true",
    "fd00::/8,fe00::1,false",
    "2000::/3,3fff:ffff::,true",
    "2000::/3,4000::,false",
    "::/0,2001:db8::1,true",
    "10.0.0.0/8,2001:db8::1,false"
  })
  void a_block_contains_what_shares_its_prefix(String block, String address, boolean isInside) {
    assertThat(Cidr.parse(block).contains(InetAddress.ofLiteral(address))).isEqualTo(isInside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0/8",
        "fd00::/129",
        "host/8",
        ""
      })
  void what_is_no_block_is_refused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_address_inside_of_another_one_must_be_permitted_too() throws Exception {
    // Given
    var nat64 = new AddressRules(List.of(Cidr.parse("64:ff9b::/96")), List.of());
    byte[] mapped = InetAddress.ofLiteral("2001:db8::").getAddress();
    java.util.Arrays.fill(mapped, (byte) 0);
    mapped[10] = mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;

    // Then
    assertThat(nat64.permit(InetAddress.ofLiteral("64:ff9b::8.8.8.8"))).isTrue();
    assertThat(nat64.permit(InetAddress.ofLiteral("64:ff9b::127.0.0.1"))).isFalse();
    assertThat(RULES.permit(InetAddress.ofLiteral("64:ff9b::8.8.8.8"))).isFalse();
    // An Inet6Address, which Java makes of such bytes only when it is made to.
    assertThat(RULES.permit(Inet6Address.getByAddress("x", mapped, -1))).isFalse();
  }

  @Test
  void what_the_operator_allows_wins_over_what_the_operator_denies() {
    // Given
    var rules =
        new AddressRules(
            List.of(Cidr.parse("10.1.2.3")),
            List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("8.8.8.0/24")));

    // Then
    assertThat(rules.permit(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
    assertThat(rules.permit(InetAddress.ofLiteral("10.1.2.4"))).isFalse();
    assertThat(rules.permit(InetAddress.ofLiteral("8.8.8.8"))).isFalse();
    assertThat(rules.permit(InetAddress.ofLiteral("8.8.4.4"))).isTrue();
  }

  private static boolean isDenied(InetAddress address) {
    byte[] bytes = address.getAddress();
    var number = new BigInteger(1, bytes);
    return (bytes.length == 4 ? DENIED_4 : DENIED_6).stream().anyMatch(range -> range.has(number));
  }

  /// Half of them anywhere, half near the edge of a range.
  private static InetAddress v4(Random random) {
    return random.nextBoolean() ? bytes(random, 4) : near(DENIED_4, 4, random);
  }

  private static InetAddress v6(Random random) {
    return random.nextBoolean() ? bytes(random, 16) : near(DENIED_6, 16, random);
  }

  private static InetAddress bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    if (count == 16 && random.nextInt(4) != 0) {
      bytes[0] = (byte) (0x20 | bytes[0] & 0x1f);
    }
    return address(new BigInteger(1, bytes), count);
  }

  private static InetAddress near(List<Range> ranges, int bytes, Random random) {
    Range range = ranges.get(random.nextInt(ranges.size()));
    BigInteger edge = random.nextBoolean() ? range.first() : range.last();
    BigInteger number = edge.add(BigInteger.valueOf(random.nextInt(65) - 32));
    BigInteger all = BigInteger.ONE.shiftLeft(bytes * 8);
    return address(number.mod(all), bytes);
  }

  private static InetAddress address(BigInteger number, int count) {
    byte[] bytes = new byte[count];
    byte[] given = number.toByteArray();
    for (int i = 0; i < count && i < given.length; i++) {
      bytes[count - 1 - i] = given[given.length - 1 - i];
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private record Range(BigInteger first, BigInteger last) {
    static Range of(String text) {
      String[] ends = text.split("-", 2);
      return new Range(new BigInteger(ends[0], 16), new BigInteger(ends[1], 16));
    }

    boolean has(BigInteger number) {
      return number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
    }
  }
}
