package dev.arcticsynth.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {

  private static final String OPENAI = "https://api.openai.com/v1/batches";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          HTTPS_PROXY=http://proxy.corp:3128        | https://api.openai.com/v1 | proxy.corp:3128
          https_proxy=http://proxy.corp:3128        | https://api.openai.com/v1 | proxy.corp:3128
          HTTPS_PROXY=proxy.corp:3128               | https://api.openai.com/v1 | proxy.corp:3128
          HTTPS_PROXY=http://proxy.corp             | https://api.openai.com/v1 | proxy.corp:80
          HTTPS_PROXY=http://proxy.corp:3128        | http://vllm.corp/v1       | -
          HTTP_PROXY=http://proxy.corp:3128         | http://vllm.corp/v1       | proxy.corp:3128
          HTTP_PROXY=http://proxy.corp:3128         | https://api.openai.com/v1 | -
          ALL_PROXY=socks5://proxy.corp             | https://api.openai.com/v1 | proxy.corp:1080
          HTTPS_PROXY=http://[::1]:3128             | https://api.openai.com/v1 | ::1:3128
          HTTPS_PROXY=http://proxy.corp:3128        | https://localhost/v1      | -
          HTTPS_PROXY=http://proxy.corp:3128        | https://127.0.0.7:8443/v1 | -
          HTTPS_PROXY=http://proxy.corp:3128        | https://[::1]/v1          | -
          HTTPS_PROXY=http://127.0.0.1:3128         | https://localhost/v1      | 127.0.0.1:3128
          HTTPS_PROXY=                              | https://api.openai.com/v1 | -
          """)
  void a_variable_names_the_proxy(String setting, String target, String proxy) {
    // Given
    String[] variable = setting.split("=", 2);
    // When
    Proxies proxies = Proxies.of(Map.of(variable[0], variable[1])::get, _ -> null);
    // Then
    assertThat(proxies.of(URI.create(target)).map(ProxiesTest::words).orElse(null))
        .isEqualTo(proxy);
  }

  @ParameterizedTest
  @CsvSource({
    "api.openai.com, true",
    "openai.com, true",
    ".openai.com, true",
    "*.openai.com, true",
    "'a.org, openai.com', true",
    "'a.org openai.com', true",
    "API.OpenAI.com, true",
    "openai.com:443, true",
    "*, true",
    "openai.com:8443, false",
    "penai.com, false",
    "openai.org, false",
    "a.api.openai.com, false"
  })
  void some_hosts_are_called_without_it(String exceptions, boolean isDirect) {
    // When
    Proxies proxies =
        Proxies.of(
            Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", exceptions)::get, _ -> null);
    // Then
    assertThat(proxies.of(URI.create(OPENAI)).isEmpty()).isEqualTo(isDirect);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, https://10.1.2.3/v1, true",
    "10.0.0.0/8, https://11.1.2.3/v1, false",
    "10.1.2.3, https://10.1.2.3/v1, true",
    "192.168.16.0/20, https://192.168.31.1:8443/v1, true",
    "192.168.16.0/20, https://192.168.32.1:8443/v1, false",
    "10.0.0.0/8, https://ten.example.org/v1, false",
    "fd00::/8, https://[fd00::1]/v1, true",
    "[fd00::1], https://[fd00::1]/v1, true",
    "10.0.0.0/99, https://10.1.2.3/v1, false",
    "10.*, https://10.1.2.3/v1, true"
  })
  void some_networks_are_called_without_it(String exceptions, String target, boolean isDirect) {
    // When
    Proxies proxies =
        Proxies.of(
            Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", exceptions)::get, _ -> null);
    // Then
    assertThat(proxies.of(URI.create(target)).isEmpty()).isEqualTo(isDirect);
  }

  @Test
  void properties_of_the_jvm_go_before_variables() {
    // When
    Proxies proxies =
        Proxies.of(
            Map.of("HTTPS_PROXY", "http://variable:1")::get,
            Map.of(
                    "https.proxyHost", "property",
                    "https.proxyPort", "3128",
                    "http.nonProxyHosts", "*.internal|10.*|vllm")
                ::get);
    // Then
    assertThat(proxies.of(URI.create(OPENAI)).map(ProxiesTest::words)).contains("property:3128");
    assertThat(proxies.of(URI.create("https://a.internal/v1"))).isEmpty();
    assertThat(proxies.of(URI.create("https://10.1.1.1/v1"))).isEmpty();
    assertThat(proxies.of(URI.create("https://vllm/v1"))).isEmpty();
  }

  @Test
  void a_proxy_may_want_a_name_and_a_password() {
    // When
    ProxyOptions proxy =
        Proxies.of(Map.of("HTTPS_PROXY", "http://me:p%40ss+1@proxy:3128")::get, _ -> null)
            .of(URI.create(OPENAI))
            .orElseThrow();
    // Then
    assertThat(proxy.getUsername()).isEqualTo("me");
    assertThat(proxy.getPassword()).isEqualTo("p@ss+1");
    assertThat(proxy.getType()).isEqualTo(ProxyType.HTTP);
  }

  @ParameterizedTest
  @CsvSource({
    "https://secret@proxy:3128, HTTPS_PROXY names a proxy that is neither",
    "http://:3128, HTTPS_PROXY is no address",
    "'http://a b', HTTPS_PROXY is no address"
  })
  void an_address_that_cannot_be_used_stops_the_start_and_is_not_repeated(
      String address, String sentence) {
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", address)::get, _ -> null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(sentence)
        .hasMessageNotContaining("secret");
  }

  private static String words(ProxyOptions proxy) {
    return proxy.getHost() + ":" + proxy.getPort();
  }
}
