package dev.arcticsynth.callback.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.callback.InvalidCallbackException;
import dev.arcticsynth.callback.Settings;
import dev.arcticsynth.callback.delivery.DeliveryError;
import dev.arcticsynth.callback.delivery.ScriptedDns;
import dev.arcticsynth.support.WebhookReceiver;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Callers that try to make the service call what they cannot reach themselves. A canary listens on
/// every address of this machine, on the port that all urls name, and must not be called.
class ForgeryTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final WebhookReceiver CANARY = new WebhookReceiver();
  private static final int PORT = CANARY.port();

  /// As lax as an operator can be without naming a receiver.
  private static final Settings LAX = Settings.asInProduction().withHttpAndPorts(PORT, 80, 443);

  @BeforeAll
  static void the_canary_records_a_call() {
    // Given
    var trusting = new ScriptedDns(VERTX, LAX.allowing("127.0.0.1", "::1", "canary.example.com"));
    var _ = trusting.knowing("canary.example.com", "127.0.0.1");

    // Then
    assertThat(trusting.trouble(CANARY.url("127.0.0.1"))).isEmpty();
    assertThat(trusting.trouble(CANARY.url("[::1]"))).isEmpty();
    assertThat(trusting.trouble(CANARY.url("canary.example.com"))).isEmpty();
    assertThat(CANARY.connections()).isEqualTo(3);
  }

  @AfterAll
  static void the_canary_was_not_called() {
    assertThat(CANARY.connections()).isEqualTo(3);
    CANARY.close();
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void a_url_that_may_be_read_in_two_ways_is_refused(String url) {
    // Then
    assertThatThrownBy(() -> new DestinationPolicy(LAX).check(url))
        .as(url)
        .isInstanceOf(InvalidCallbackException.class);
    // And were it in the database already:
    assertThat(new ScriptedDns(VERTX, LAX).trouble(url))
        .contains(DeliveryError.DESTINATION_NOT_ALLOWED);
  }

  static Stream<String> spellings() {
    String port = ":" + PORT + "/";
    return Stream.of(
            // 127.0.0.1 and 169.254.169.254 in the spellings of others.
            "2130706433",
            "0x7f000001",
            "0x7F000001",
            "017700000001",
            "127.1",
            "127.0.1",
            "127.0x0.0.1",
            "0177.0.0.1",
            "0177.0.0.01",
            "0x7f.0.0.1",
            "0x7f.1",
            "127.0.0.1.",
            "127.000.000.001",
            "127.0.0.01",
            "00127.0.0.1",
            "127.0.0.256",
            "127.0.0",
            "127.0.0.0x1",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
            "169.16689662",
            "1.1.1.1.1",
            "1",
            "0",
            "0x",
            "0x.0x.0",
            "4294967296",
            "1e3",
            "127.0.0.1%00.example.com",
            "127。0。0。1",
            "①②⑦.⓪.⓪.①",
            "１２７.0.0.1",
            "127.0.0.1\u200b",
            // IPv6.
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::FFFF:127.0.0.1]",
            "[0:0:0:0:0:ffff:7f00:1]",
            "[0:0:0:0:0:0:0:1]",
            "[::0001]",
            "[0::1]",
            "[::1%eth0]",
            "[::1%25lo]",
            "[fe80::1%25eth0]",
            "[fe80::1%2]",
            "[::]",
            "[::1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[2002:7f00:1::]",
            "[2002:a9fe:a9fe::1]",
            "[2001:0:7f00:1::]",
            "[2001::7f00:1]",
            "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
            "[::7f00:1]",
            "[::a9fe:a9fe]",
            "[fd00:ec2::254]",
            "[fec0::1]",
            "[ff02::1]",
            "[100::1]",
            "[5f00::1]",
            "[3fff::1]",
            "[2001:DB8::1]",
            "[]",
            "[v1.x]",
            "::1",
            "[::1",
            "::1]",
            "[[::1]]",
            // Names.
            "localhost",
            "LOCALHOST",
            "localhost.",
            "a.localhost",
            "canary",
            "metadata.google.internal",
            "Metadata.Google.Internal",
            "metadata.google.internal.",
            "x.internal",
            "x.local",
            "x.svc",
            "x.y.svc.cluster.local",
            "kubernetes.default.svc",
            "router.home.arpa",
            "example..com",
            ".example.com",
            "-a.example.com",
            "a-.example.com",
            "a_b.example.com",
            "exa mple.com",
            "example.com.",
            "exämple.com",
            "例え.jp",
            "ｌｏｃａｌｈｏｓｔ.com",
            "lo\u00adcalhost.com",
            "a".repeat(64) + ".com",
            ("a".repeat(60) + ".").repeat(5) + "com",
            "*.example.com",
            "example.com%2f",
            "%65xample.com",
            "example.com\\@127.0.0.1",
            "",
            // User information, fragments and what else makes readers disagree.
            "user@example.com",
            "user:password@example.com",
            "@example.com",
            "example.com@127.0.0.1",
            "127.0.0.1@example.com",
            "example.com#@127.0.0.1",
            "example.com?@127.0.0.1#",
            "example.com\t",
            "example.com\r\nHost: 127.0.0.1",
            "example.com\n",
            "example.com\0",
            "example.com;127.0.0.1",
            "a,b",
            "$(x)")
        .flatMap(host -> Stream.of("http://" + host + port, "https://" + host + port));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void what_is_no_such_url_is_refused(String url) {
    assertThatThrownBy(() -> new DestinationPolicy(LAX).check(url))
        .as(url)
        .isInstanceOf(InvalidCallbackException.class);
  }

  static Stream<String> forms() {
    return Stream.of(
        "",
        " ",
        "example.com",
        "//example.com/",
        "/hook",
        "http:/example.com/",
        "http:example.com",
        "http:///example.com/",
        "https://",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "dict://example.com:11211/",
        "ldap://example.com/",
        " https://example.com/",
        "https://example.com/ ",
        "https://example.com/a b",
        "https://example.com/%zz",
        "https://example.com/%",
        "https://example.com/\r\nX: y",
        "https://example.com/\0",
        "https://example.com/ä",
        "https://example.com/a#b",
        "https://example.com/#",
        "https://example.com\\a",
        "https:\\\\example.com",
        "https://example.com:",
        "https://example.com:0/",
        "https://example.com:080/",
        "https://example.com:65536/",
        "https://example.com:99999/",
        "https://example.com:-1/",
        "https://example.com:4 43/",
        "https://example.com:443:443/",
        "https://example.com:22/",
        "http://example.com:8080/",
        "https://example.com/?a=<b>",
        "https://example.com/\"",
        "https://example.com/{x}",
        "https://example.com/" + "a".repeat(2_030),
        "https://example.com^a/");
  }

  @Test
  void a_name_with_any_denied_address_is_not_called_whatever_else_it_resolves_to() {
    for (InetAddress denied : edges()) {
      for (List<String> answers :
          List.of(
              List.of(text(denied)),
              List.of("93.184.215.14", text(denied)),
              List.of(text(denied), "2606:2800:21f:cb07:6820:80da:af6b:8b2c"))) {
        // Given
        var letters =
            new ScriptedDns(VERTX, LAX).knowing("evil.example.com", answers.toArray(String[]::new));

        // When
        Optional<DeliveryError> outcome = letters.trouble("http://evil.example.com:" + PORT + "/");

        // Then
        assertThat(outcome).as("%s", answers).contains(DeliveryError.DESTINATION_NOT_ALLOWED);
      }
    }
  }

  @Test
  void a_denied_address_is_refused_as_a_url_too() {
    for (InetAddress denied : edges()) {
      String host = denied.getAddress().length == 4 ? text(denied) : "[" + text(denied) + "]";
      assertThatThrownBy(
              () -> new DestinationPolicy(LAX).check("http://" + host + ":" + PORT + "/"))
          .as(host)
          .isInstanceOf(InvalidCallbackException.class);
    }
    assertThat(edges()).hasSizeGreaterThan(60);
  }

  @Test
  void a_name_is_looked_up_once_an_attempt_and_the_connection_goes_where_that_led() {
    try (var receiver = new WebhookReceiver()) {
      // Given
      var settings = LAX.withHttpAndPorts(receiver.port()).allowing("127.0.0.2");
      var names =
          new ScriptedDns(VERTX, settings)
              .knowing("rebinding.example.com", "127.0.0.2")
              .knowing("rebinding.example.com", "127.0.0.1");
      String url = receiver.url("rebinding.example.com");

      // When
      Optional<DeliveryError> first = names.trouble(url);
      Optional<DeliveryError> second = names.trouble(url);

      // Then
      assertThat(first).isEmpty();
      assertThat(second).contains(DeliveryError.DESTINATION_NOT_ALLOWED);
      assertThat(receiver.connections()).isEqualTo(1);
      assertThat(receiver.received().getFirst().header("host"))
          .isEqualTo("rebinding.example.com:" + receiver.port());
    }
  }

  @Test
  void a_name_that_was_public_when_the_task_was_made_is_checked_again_at_each_attempt() {
    // Given
    var names = new ScriptedDns(VERTX, LAX).knowing("rebinding.example.com", "127.0.0.1");
    String url = "http://rebinding.example.com:" + PORT + "/";

    // Then
    assertThat(new DestinationPolicy(LAX).check(url).host()).isEqualTo("rebinding.example.com");
    assertThat(names.trouble(url)).contains(DeliveryError.DESTINATION_NOT_ALLOWED);
    assertThat(names.trouble(url)).contains(DeliveryError.DESTINATION_NOT_ALLOWED);
  }

  @Test
  void a_name_that_resolves_to_nothing_or_not_in_time_is_a_failed_lookup() {
    assertThat(new ScriptedDns(VERTX, LAX).trouble("http://nowhere.example.com/"))
        .contains(DeliveryError.DNS_FAILED);
  }

  // The addresses at which each range begins and ends.
  private static List<InetAddress> edges() {
    return Stream.concat(
            Stream.concat(SpecialRanges.IPV4.stream(), SpecialRanges.IPV6.stream()),
            Stream.of(
                    "::/128",
                    "::1/128",
                    "::/96",
                    "64:ff9b::/96",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "100:0:0:1::/64",
                    "5f00::/16",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8",
                    "1fff:ffff::/32",
                    "4000::/3")
                .map(Cidr::parse))
        .flatMap(block -> Stream.of(block.network(), last(block)))
        .toList();
  }

  private static InetAddress last(Cidr block) {
    byte[] network = block.network().getAddress();
    int rest = network.length * 8 - block.bits();
    byte[] sum =
        new BigInteger(1, network)
            .add(BigInteger.ONE.shiftLeft(rest).subtract(BigInteger.ONE))
            .toByteArray();
    byte[] bytes = new byte[network.length];
    int length = Math.min(sum.length, bytes.length);
    System.arraycopy(sum, sum.length - length, bytes, bytes.length - length, length);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(Arrays.toString(bytes), e);
    }
  }

  private static String text(InetAddress address) {
    return IpLiterals.text(address);
  }
}
