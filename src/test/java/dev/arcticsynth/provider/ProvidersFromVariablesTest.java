package dev.arcticsynth.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProvidersFromVariablesTest {

  @Test
  void a_variable_names_a_provider_that_no_file_names() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of(
                "ARCTIC_PROVIDERS_GPU_TYPE", "openai",
                "ARCTIC_PROVIDERS_GPU_URL", "http://a:8000/v1",
                "ARCTIC_PROVIDERS_GPU_MAX_REQUESTS", "7",
                "ARCTIC_PROVIDERS_GPU_ENQUEUED_TOKENS_DEFAULT", "90000",
                "ARCTIC_PROVIDERS_GPU_POLL_FIRST", "3S"),
            Map.of());
    // Then
    assertThat(providers).containsOnlyKeys("gpu");
    ProviderSettings gpu = settings(providers, "gpu");
    assertThat(gpu.type()).isEqualTo("openai");
    assertThat(gpu.url()).contains(URI.create("http://a:8000/v1"));
    assertThat(gpu.maxRequests()).contains(7);
    assertThat(gpu.enqueuedTokens()).containsOnly(Map.entry("default", 90_000L));
    assertThat(gpu.poll().first()).hasValueSatisfying(first -> assertThat(first).hasSeconds(3));
  }

  @Test
  void a_name_of_several_words_ends_where_the_type_begins() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of(
                "ARCTIC_PROVIDERS_BIG_GPU_TYPE", "openai",
                "ARCTIC_PROVIDERS_BIG_GPU_API_KEY", "k1",
                "ARCTIC_PROVIDERS_BIG_TYPE", "simulator"),
            Map.of());
    // Then
    assertThat(providers).containsOnlyKeys("big-gpu", "big");
    assertThat(settings(providers, "big-gpu").apiKey()).contains("k1");
    assertThat(settings(providers, "big").apiKey()).isEmpty();
  }

  @Test
  void variables_win_over_files() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of("ARCTIC_PROVIDERS_MY_LLM_MAX_REQUESTS", "5"),
            Map.of(
                "arctic.providers.my-llm.type", "openai",
                "arctic.providers.my-llm.max-requests", "9"));
    // Then
    assertThat(settings(providers, "my-llm").maxRequests()).contains(5);
  }

  @Test
  void the_key_of_the_official_clients_makes_a_provider() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of(
                "OPENAI_API_KEY", "sk-1",
                "OPENAI_BASE_URL", "https://eu.api.openai.com/v1",
                "OPENAI_ORG_ID", "org-1",
                "OPENAI_PROJECT_ID", "",
                "ARCTIC_PROVIDERS_OPENAI_MAX_REQUESTS", "5"),
            Map.of());
    // Then
    assertThat(providers).containsOnlyKeys("openai");
    ProviderSettings openai = settings(providers, "openai");
    assertThat(openai.type()).isEqualTo("openai");
    assertThat(openai.apiKey()).contains("sk-1");
    assertThat(openai.url()).contains(URI.create("https://eu.api.openai.com/v1"));
    assertThat(openai.organization()).contains("org-1");
    assertThat(openai.project()).isEmpty();
    assertThat(openai.maxRequests()).contains(5);
  }

  @Test
  void a_ready_token_makes_a_provider_at_azure() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of(
                "AZURE_OPENAI_AD_TOKEN", "eyJ",
                "AZURE_OPENAI_ENDPOINT", "https://acme.openai.azure.com"),
            Map.of());
    // Then
    assertThat(providers).containsOnlyKeys("azure");
    assertThat(settings(providers, "azure").type()).isEqualTo("azure-openai");
  }

  @Test
  void headers_for_a_gateway_can_be_variables() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of(
                "ARCTIC_PROVIDERS_ACME_TYPE", "openai",
                "ARCTIC_PROVIDERS_ACME_HEADERS__X_TEAM_", "blue",
                "ARCTIC_PROVIDERS_ACME_QUERY_TRACE", "on"),
            Map.of());
    // Then
    assertThat(settings(providers, "acme").headers()).isEqualTo(Map.of("x.team", "blue"));
    assertThat(settings(providers, "acme").query()).isEqualTo(Map.of("trace", "on"));
  }

  @Test
  void the_key_of_the_official_clients_goes_to_no_other_address() {
    // When
    Map<String, ProviderSettings> providers =
        providers(
            Map.of("OPENAI_API_KEY", "sk-1"),
            Map.of(
                "arctic.providers.openai.type", "openai",
                "arctic.providers.openai.url", "http://proxy/v1"));
    // Then
    assertThat(settings(providers, "openai").apiKey()).isEmpty();
  }

  @Test
  void the_simulator_is_there_where_nothing_else_is() {
    // When
    Map<String, ProviderSettings> providers =
        providers(Map.of("OPENAI_API_KEY", ""), Map.of("arctic.home", "/tmp"));
    // Then
    assertThat(providers).containsOnlyKeys("simulator");
    assertThat(settings(providers, "simulator").type()).isEqualTo("simulator");
  }

  @Test
  void a_wrong_value_is_named() {
    assertThatThrownBy(() ->
            providers(
                Map.of(),
                Map.of(
                    "arctic.providers.gpu.type", "openai",
                    "arctic.providers.gpu.max-requests", "many")))
        .hasMessageContaining("arctic.providers.gpu.max-requests")
        .hasMessageContaining("many");
  }

  @Test
  void a_provider_without_a_type_is_named() {
    assertThatThrownBy(
            () -> providers(Map.of(), Map.of("arctic.providers.gpu.url", "http://a:8000")))
        .hasMessageContaining("arctic.providers.gpu.type");
  }

  @Test
  void a_setting_that_does_not_exist_is_named() {
    assertThatThrownBy(() ->
            providers(
                Map.of(),
                Map.of(
                    "arctic.providers.gpu.type", "openai",
                    "arctic.providers.gpu.maxrequests", "7")))
        .hasMessageContaining("arctic.providers.gpu.maxrequests");
  }

  private static Map<String, ProviderSettings> providers(
      Map<String, String> variables, Map<String, String> file) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new EnvConfigSource(variables, 300))
            .withSources(new PropertiesConfigSource(file, "file", 250))
            .withSources(new ProviderVariables())
            .withMapping(ProvidersConfig.class)
            .withConverter(Duration.class, 200, new DurationConverter())
            .build();
    return config.getConfigMapping(ProvidersConfig.class).byName();
  }

  private static ProviderSettings settings(Map<String, ProviderSettings> providers, String name) {
    ProviderSettings settings = providers.get(name);
    assertThat(settings).as(name).isNotNull();
    return settings;
  }
}
