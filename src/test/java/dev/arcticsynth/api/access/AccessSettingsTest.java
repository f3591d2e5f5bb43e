package dev.arcticsynth.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessSettingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://batch.example.com",
        "batch.example.com:8080",
        "a*.example.com",
        "*.*",
        "batch.example.com/path",
        "${POD_NAMESPACE}.svc",
        " "
      })
  void a_host_that_is_no_name_stops_the_start(String host) {
    assertThatThrownBy(() -> new AllowedHosts(List.of(host)))
        .hasMessageContainingAll("arctic.http.allowed-hosts", host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "*.example.com", "Batch.Example.com.", " batch ", "192.0.2.1", "::1"})
  void names_and_addresses_are_hosts(String host) {
    assertThat(new AllowedHosts(List.of(host))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"batch.example.com", "*", "null", "https://batch.example.com/path", "ftp://x", ""})
  void an_origin_that_is_none_stops_the_start(String origin) {
    assertThatThrownBy(() -> new CrossSite(List.of(origin)))
        .hasMessageContainingAll("arctic.http.allowed-origins", origin);
  }
}
