package dev.arcticsynth.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.provider.Provider.PollPace;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {

  private static final PollPace PACE = new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5));

  @Test
  void a_key_is_all_that_openai_needs() {
    // When
    Account account = account(Map.of("api-key", " sk-verysecret\n"));
    // Then
    assertThat(account.url()).isEqualTo(URI.create("https://api.openai.com/v1"));
    assertThat(account.credentials().headers())
        .containsEntry("Authorization", "Bearer sk-verysecret")
        .doesNotContainKeys("OpenAI-Organization", "OpenAI-Project");
    assertThat(account.limits().maxRequests()).isEqualTo(50_000);
    assertThat(account.limits().maxFileBytes()).isEqualTo(200_000_000);
    assertThat(account.limits().maxEmbeddingInputs()).isEqualTo(50_000);
    assertThat(account.pollPace()).isEqualTo(PACE);
    assertThat(account.transfers().expiry()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void a_secret_is_never_printed() {
    // When
    Account account = account(Map.of("api-key", "sk-verysecret"));
    // Then
    assertThat(account).asString().doesNotContain("verysecret").contains("acme");
  }

  @Test
  void headers_and_queries_for_gateways_are_sent_and_never_printed() {
    // When
    Account account =
        account(
            Map.of(
                "api-key", "sk-one",
                "headers.\"X-Gateway.Key\"", "verysecret",
                "headers.authorization", "Basic verysecret",
                "headers.\"x.of.variable\"", "verysecret",
                "query.subscription-key", "verysecret &1"));
    // Then
    assertThat(account.credentials().headers())
        .containsEntry("X-Gateway.Key", "verysecret")
        .containsEntry("authorization", "Basic verysecret")
        .containsEntry("x-of-variable", "verysecret")
        .containsKey("User-Agent")
        .doesNotContainKey("Authorization");
    assertThat(account.at("/files"))
        .hasToString("https://api.openai.com/v1/files?subscription-key=verysecret%20%261");
    assertThat(account + " " + account.dialect()).doesNotContain("verysecret");
  }

  @Test
  void a_compatible_server_may_do_without_a_key() {
    // When
    Account account =
        account(
            Map.of(
                "url", "http://127.0.0.1:8000/v1/",
                "organization", "org-1",
                "project", "proj_1",
                "poll.first", "10M"));
    // Then
    assertThat(account.url()).isEqualTo(URI.create("http://127.0.0.1:8000/v1"));
    assertThat(account.credentials().headers())
        .containsEntry("OpenAI-Organization", "org-1")
        .containsEntry("OpenAI-Project", "proj_1")
        .doesNotContainKey("Authorization");
    assertThat(account.pollPace())
        .isEqualTo(new PollPace(Duration.ofMinutes(10), Duration.ofMinutes(10)));
  }

  @ParameterizedTest
  @CsvSource({
    "url, ftp://host/v1",
    "url, api.openai.com",
    "url, https:///v1",
    "url, https://me:secret9@host/v1",
    "url, https://host/v1?key=secret9",
    "api-key, secret9 two",
    "api-key, secret9…",
    "organization, org 1",
    "headers.Host, secret9.example",
    "headers.Content-Length, 7",
    "headers.X-Team, secret9…",
    "headers.X(Team), secret9",
    "query.key, 'secret9	'",
    "poll.first, PT0S",
    "poll.max, PT1S",
    "file-expiry, PT59M",
    "file-expiry, PT721H",
    "connect-timeout, PT-1S",
    "idle-timeout, PT0S",
  })
  void a_wrong_setting_is_named_and_no_secret_is(String setting, String value) {
    // Given
    Map<String, String> settings = new HashMap<>(Map.of("api-key", "sk-verysecret"));
    settings.put(setting, value);
    // Then
    assertThatThrownBy(() -> account(settings))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("arctic.providers.acme." + setting + " ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void openai_without_a_key_is_a_mistake() {
    assertThatThrownBy(() -> account(Map.of()))
        .hasMessageStartingWith("arctic.providers.acme.api-key is missing");
  }

  private static Account account(Map<String, String> settings) {
    ProviderConfig config = ProviderConfig.of("openai", settings);
    return new Accounts("acme", config.settings(), config.more(), PACE).openai();
  }
}
