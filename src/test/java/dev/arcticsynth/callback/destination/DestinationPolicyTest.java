package dev.arcticsynth.callback.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.callback.InvalidCallbackException;
import dev.arcticsynth.callback.Settings;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationPolicyTest {

  private static final Settings SETTINGS = Settings.asInProduction();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://example.com|example.com|443|/|example.com",
        "HTTPS://EXAMPLE.com:443/a/B?c=%20d|example.com|443|/a/B?c=%20d|example.com",
        "https://example.com?x|example.com|443|/?x|example.com",
        "https://xn--exmple-cua.com/|xn--exmple-cua.com|443|/|xn--exmple-cua.com",
        "https://localhost.evil.example/|localhost.evil.example|443|/|localhost.evil.example",
        "https://1a.example.com/@b:c|1a.example.com|443|/@b:c|1a.example.com",
        "https://93.184.215.14/|93.184.215.14|443|/|93.184.215.14",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/x|2606:2800:21f:cb07:6820:80da:af6b:8b2c|443|/x|[2606:2800:21f:cb07:6820:80da:af6b:8b2c]"
      })
  void a_url_of_the_internet_is_taken_apart(
      String url, String host, int port, String target, String authority) {
    // When
    var destination = new DestinationPolicy(SETTINGS).check(url);

    // Then
    assertThat(destination).isEqualTo(new Destination(true, host, port, target));
    assertThat(destination.authority()).isEqualTo(authority);
  }

  @Test
  void http_and_other_ports_are_for_the_operator_to_allow() {
    // Given
    var strict = new DestinationPolicy(SETTINGS);
    var lax = new DestinationPolicy(SETTINGS.withHttpAndPorts(80, 8443));

    // Then
    assertThatThrownBy(() -> strict.check("http://example.com/"))
        .hasMessageContaining("allow-http");
    assertThatThrownBy(() -> strict.check("https://example.com:8443/"))
        .hasMessageContaining("arctic.callback.ports");
    assertThat(lax.check("http://example.com/").port()).isEqualTo(80);
    assertThat(lax.check("https://example.com:8443/").port()).isEqualTo(8443);
    assertThatThrownBy(() -> lax.check("https://example.com/")).hasMessageContaining("443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sink:8080/",
        "http://receiver.team.svc.cluster.local/x",
        "http://127.0.0.1:9/",
        "https://10.1.2.3:8443/",
        "http://[fd00::1]:80/"
      })
  void a_receiver_in_the_cluster_is_called_when_the_operator_allows_it(String url) {
    // Given
    var trusting =
        new DestinationPolicy(
            SETTINGS.allowing(
                "sink", "*.svc.cluster.local", "127.0.0.1", "10.1.0.0/16", "fd00::/8"));

    // Then
    assertThat(trusting.check(url).authority()).isNotEmpty();
    assertThatThrownBy(() -> new DestinationPolicy(SETTINGS).check(url))
        .isInstanceOf(InvalidCallbackException.class);
  }

  @Test
  void a_suffix_is_for_what_is_below_it_and_for_nothing_else() {
    // Given
    var trusting = new DestinationPolicy(SETTINGS.allowing("*.team.svc"));

    // Then
    assertThat(trusting.check("http://a.b.team.svc/").host()).isEqualTo("a.b.team.svc");
    assertThatThrownBy(() -> trusting.check("http://team.svc/")).isNotNull();
    assertThatThrownBy(() -> trusting.check("http://a.ateam.svc/")).isNotNull();
    assertThatThrownBy(() -> trusting.check("http://a.team.svc.example/")).isNotNull();
  }

  @Test
  void addresses_of_our_own_are_denied_and_so_is_what_the_operator_denies() {
    // Given
    var destinationPolicy = new DestinationPolicy(SETTINGS.denying("93.184.0.0/16"));
    var to = destinationPolicy.check("https://example.com/");

    // Then
    assertThat(destinationPolicy.permits(to, InetAddress.ofLiteral("93.184.215.14"))).isFalse();
    assertThat(destinationPolicy.permits(to, InetAddress.ofLiteral("93.185.0.1"))).isTrue();
    assertThat(destinationPolicy.permits(to, InetAddress.getLoopbackAddress())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://sink/", "*", "10.0.0.0/40", "a b", "*.", "sink:80", ""})
  void a_mistake_in_the_settings_stops_the_start(String entry) {
    assertThatThrownBy(() -> new DestinationPolicy(SETTINGS.allowing(entry)))
        .hasMessageContaining("arctic.callback.allow");
  }

  @Test
  void a_destination_is_never_shown_with_its_path() {
    assertThat(Destination.parse("https://example.com/token?key=1").toString())
        .isEqualTo("https://example.com");
  }
}
