package dev.arcticsynth.provider.openai.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.openai.Account;
import dev.arcticsynth.provider.openai.ProviderConfig;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureAccountsTest {

  @Test
  void an_address_and_a_key_are_all_that_azure_needs() {
    // When
    Account account = account(Map.of("api-key", " verysecret\n"));
    // Then
    assertThat(account.url()).isEqualTo(URI.create("https://acme.openai.azure.com/openai/v1"));
    assertThat(account.at("/files"))
        .isEqualTo(URI.create("https://acme.openai.azure.com/openai/v1/files"));
    assertThat(account.credentials().headers())
        .containsEntry("api-key", "verysecret")
        .doesNotContainKey("Authorization");
    assertThat(account.limits().maxRequests()).isEqualTo(100_000);
    assertThat(account.limits().maxFileBytes()).isEqualTo(200_000_000);
    assertThat(account.limits().endpoints())
        .containsExactlyInAnyOrder("/v1/chat/completions", "/v1/responses");
    assertThat(account.dialect().url("/v1/chat/completions")).isEqualTo("/chat/completions");
    assertThat(account.dialect().url("/v1/responses")).isEqualTo("/v1/responses");
    assertThat(account.pollPace().first()).hasSeconds(60);
    assertThat(account.batchDeadline()).contains(Duration.ofHours(25));
    assertThat(account).asString().doesNotContain("verysecret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://acme.openai.azure.com",
    "https://acme.openai.azure.com/",
    "https://acme.openai.azure.com/openai",
    "https://acme.openai.azure.com/openai/v1/",
  })
  void the_address_may_come_with_the_path_of_the_api(String endpoint) {
    // When
    Account v1 = account(Map.of("endpoint", endpoint));
    Account dated = account(Map.of("endpoint", endpoint, "api-version", "2024-10-21"));
    // Then
    assertThat(v1.url()).isEqualTo(URI.create("https://acme.openai.azure.com/openai/v1"));
    assertThat(dated.at("/files/f-1/content"))
        .isEqualTo(
            URI.create(
                "https://acme.openai.azure.com/openai/files/f-1/content?api-version=2024-10-21"));
  }

  @Test
  void several_deployments_answer_for_one_model() {
    // When
    Account account = account(Map.of("pools.\"gpt-4o-mini\"", "dep-a,dep-b"));
    // Then
    assertThat(account.pools()).isEqualTo(Map.of("gpt-4o-mini", List.of("dep-a", "dep-b")));
  }

  @Test
  void a_gateway_may_have_another_name_for_the_key() {
    // When
    Account account = account(Map.of("key-header", "Ocp-Apim-Subscription-Key"));
    // Then
    assertThat(account.credentials().headers()).containsEntry("Ocp-Apim-Subscription-Key", "key");
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint, acme.openai.azure.com",
    "endpoint, https://acme.openai.azure.com?api-version=secret9",
    "api-key, secret9 two",
    "api-version, latest",
    "api-version, 2024-10-21&x=1",
    "file-expiry, PT1H",
    "file-expiry, PT721H",
    "batch-deadline, PT1M",
  })
  void a_wrong_setting_is_named_and_no_secret_is(String setting, String value) {
    assertThatThrownBy(() -> account(Map.of(setting, value)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("arctic.providers.acme." + setting + " ")
        .hasMessageNotContaining("secret9");
  }

  @Test
  void azure_without_an_address_or_without_a_key_is_a_mistake() {
    assertThatThrownBy(() -> of(Map.of("api-key", "key")))
        .hasMessageStartingWith("arctic.providers.acme.endpoint is missing");
    assertThatThrownBy(() -> of(Map.of("endpoint", "https://acme.openai.azure.com")))
        .hasMessageStartingWith("arctic.providers.acme.api-key is missing");
  }

  private static Account account(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("endpoint", "https://acme.openai.azure.com");
    all.put("api-key", "key");
    all.putAll(settings);
    return of(all);
  }

  private static Account of(Map<String, String> settings) {
    ProviderConfig config = ProviderConfig.of("azure-openai", settings);
    var accounts =
        new AzureAccounts(
            "acme",
            config.settings(),
            config.more(),
            new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5)));
    return accounts.azure(accounts.key());
  }
}
