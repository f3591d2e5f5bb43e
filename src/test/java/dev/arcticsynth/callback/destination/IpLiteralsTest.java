package dev.arcticsynth.callback.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "2001:db8::1",
        "2001:db8::1:0:0:1",
        "2001:0:0:1::1",
        "2001:db8:0:1:1:1:1:1",
        "1:2:3:4:5:6:7:8",
        "fe80::",
        "64:ff9b::808:808"
      })
  void the_one_spelling_of_an_address_is_read(String text) {
    assertThat(IpLiterals.address(text)).contains(InetAddress.ofLiteral(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.01",
        "256.1.1.1",
        "1.2.3.4.5",
        "1.2.3",
        "1.2.3.4.",
        " 1.2.3.4",
        "::0001",
        "0::1",
        "2001:DB8::1",
        "2001:db8:0:0:1:0:0:1",
        "2001:db8::0:1",
        "2001:0db8::1",
        "1::2::3",
        "::ffff:7f00:1",
        "::ffff:127.0.0.1",
        "fe80::1%eth0",
        "fe80::1%25eth0",
        "1:2:3:4:5:6:7::",
        "",
        ":",
        "12345::",
        "localhost"
      })
  void every_other_spelling_is_none(String text) {
    assertThat(IpLiterals.address(text)).isEmpty();
  }
}
