package dev.arcticsynth.provider.openai.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.provider.openai.OpenAiConfig;
import dev.arcticsynth.provider.openai.ProviderConfig;
import io.smallrye.config.SmallRyeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Azure by the variables that its official clients read, and Entra ID by those that Kubernetes
/// injects.
class AzureFromVariablesTest {

  private static final Map<String, String> OFFICIAL =
      Map.of(
          "AZURE_OPENAI_API_KEY", "k-1",
          "AZURE_OPENAI_ENDPOINT", "https://acme.openai.azure.com",
          "OPENAI_API_VERSION", "2024-10-21");

  private static final Map<String, String> INJECTED =
      Map.of(
          "AZURE_TENANT_ID", "tenant-1",
          "AZURE_CLIENT_ID", "client-1",
          "AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/token",
          "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/");

  @Test
  void the_variables_of_the_official_clients_make_a_provider() {
    // When
    SmallRyeConfig config = ProviderConfig.config(OFFICIAL, Map.of());
    // Then
    assertThat(providers(config)).containsOnlyKeys("azure");
    assertThat(Objects.requireNonNull(providers(config).get("azure")).type())
        .isEqualTo("azure-openai");
    assertThat(Objects.requireNonNull(providers(config).get("azure")).apiKey()).contains("k-1");
    assertThat(more(config, "azure").endpoint())
        .contains(URI.create("https://acme.openai.azure.com"));
    assertThat(more(config, "azure").apiVersion()).contains("2024-10-21");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"})
  void half_of_them_make_none(String missing) {
    // Given
    Map<String, String> variables = new HashMap<>(OFFICIAL);
    variables.put(missing, " ");
    // When
    SmallRyeConfig config = ProviderConfig.config(variables, Map.of());
    // Then
    assertThat(providers(config)).containsOnlyKeys("simulator");
  }

  @Test
  void without_a_version_it_is_the_api_that_needs_none() {
    // Given
    Map<String, String> variables = new HashMap<>(OFFICIAL);
    variables.remove("OPENAI_API_VERSION");
    // When
    SmallRyeConfig config = ProviderConfig.config(variables, Map.of());
    // Then
    assertThat(more(config, "azure").apiVersion()).isEmpty();
  }

  @Test
  void the_key_of_the_official_clients_goes_to_no_other_resource() {
    // When
    SmallRyeConfig config =
        ProviderConfig.config(
            OFFICIAL,
            Map.of(
                "arctic.providers.azure.type", "azure-openai",
                "arctic.providers.azure.endpoint", "https://other.openai.azure.com"));
    // Then
    assertThat(Objects.requireNonNull(providers(config).get("azure")).apiKey()).isEmpty();
    assertThat(more(config, "azure").endpoint())
        .contains(URI.create("https://other.openai.azure.com"));
  }

  @Test
  void an_identity_that_kubernetes_injects_is_used() {
    // When
    Entra entra = entra(INJECTED, Map.of()).orElseThrow();
    // Then
    assertThat(entra.tenant()).isEqualTo(URI.create("https://login.microsoftonline.us/tenant-1"));
    assertThat(entra.clientId()).isEqualTo("client-1");
    assertThat(entra.tokenFile()).contains(Path.of("/var/run/secrets/token"));
    assertThat(entra.secret()).isEmpty();
  }

  @Test
  void settings_win_over_an_injected_identity() {
    // When
    Entra entra =
        entra(
                INJECTED,
                Map.of(
                    "entra.client-id", "client-2",
                    "entra.client-secret", "s3cret9",
                    "entra.authority", "https://login.microsoftonline.com"))
            .orElseThrow();
    // Then
    assertThat(entra.tenant()).isEqualTo(URI.create("https://login.microsoftonline.com/tenant-1"));
    assertThat(entra.clientId()).isEqualTo("client-2");
    assertThat(entra.secret()).contains("s3cret9");
    assertThat(entra.tokenFile()).isEmpty();
    assertThat(entra).asString().doesNotContain("s3cret9");
  }

  @Test
  void there_is_no_identity_where_none_is_injected() {
    assertThat(entra(Map.of(), Map.of())).isEmpty();
    assertThat(entra(Map.of("AZURE_FEDERATED_TOKEN_FILE", ""), Map.of())).isEmpty();
  }

  private static Optional<Entra> entra(Map<String, String> variables, Map<String, String> more) {
    Map<String, String> file = new HashMap<>();
    file.put("arctic.providers.acme.type", "azure-openai");
    more.forEach((name, value) -> file.put("arctic.providers.acme." + name, value));
    return Entra.of("acme", more(ProviderConfig.config(variables, file), "acme").entra());
  }

  private static Map<String, ProviderSettings> providers(SmallRyeConfig config) {
    return config.getConfigMapping(ProvidersConfig.class).byName();
  }

  private static OpenAiConfig.Settings more(SmallRyeConfig config, String name) {
    return OpenAiConfig.of(config.getConfigMapping(OpenAiConfig.All.class), name);
  }
}
