package dev.arcticsynth.provider.openai.azure;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.provider.PollConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.provider.openai.OpenAiClients;
import dev.arcticsynth.provider.openai.OpenAiConfig;
import dev.arcticsynth.provider.openai.ProviderConfig;
import dev.arcticsynth.provider.openai.ScriptedServer;
import dev.arcticsynth.provider.openai.WithoutDatabase;
import dev.arcticsynth.support.TestClock;
import io.quarkus.oidc.client.OidcClients;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a provider identifies itself to Azure: by its key, or by Entra ID.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class AzureFactoryTest {

  @Inject OpenAiClients clients;
  @Inject OidcClients oidc;
  @Inject PollConfig poll;
  @Inject Vertx vertx;
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private ScriptedServer entra;
  private ScriptedServer azure;

  @BeforeEach
  void start() throws Exception {
    entra = new ScriptedServer(vertx);
    entra.answers(
        200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"token-1\"}");
    azure = new ScriptedServer(vertx);
    azure.does(request -> {
      sent.add(request.getHeader("api-key") + " " + request.getHeader("Authorization"));
      ScriptedServer.answer(request, 200, "{\"id\":\"b-1\",\"status\":\"completed\"}");
    });
  }

  @AfterEach
  void stop() throws Exception {
    entra.close();
    azure.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"entra.client-secret", "entra.token-file"})
  void a_configured_key_wins_over_every_other_identity(String other) {
    // Given
    Provider provider = provider(Map.of("api-key", "k-1", other, "of-entra"));
    // When
    var _ = provider.status("b-1").await().atMost(PATIENCE);
    // Then
    assertThat(sent).containsExactly("k-1 null");
    assertThat(entra.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void without_a_key_entra_is_used(String key) {
    // Given
    Provider provider = provider(Map.of("api-key", key, "entra.client-secret", "of-entra"));
    // When
    var _ = provider.status("b-1").await().atMost(PATIENCE);
    // Then
    assertThat(sent).containsExactly("null Bearer token-1");
  }

  @Test
  void without_any_of_them_nothing_starts() {
    assertThatThrownBy(() -> provider(Map.of()))
        .hasMessageStartingWith("arctic.providers.acme.api-key is missing")
        .hasMessageContaining("arctic.providers.acme.entra.client-secret and .token-file");
  }

  @ParameterizedTest
  @CsvSource({
    "entra.client-secret, entra.tenant-id, entra.tenant-id",
    "entra.client-secret, entra.client-id, entra.client-id",
    "entra.token-file, entra.tenant-id, entra.tenant-id",
    "entra.client-secret, entra.client-secret, api-key",
  })
  void half_of_entra_is_a_mistake_that_names_the_other(String given, String missing, String named) {
    // Given
    Map<String, String> settings = new HashMap<>(Map.of(given, "of-entra"));
    settings.put(missing, "");
    // Then
    assertThatThrownBy(() -> provider(settings))
        .hasMessageStartingWith("arctic.providers.acme." + named + " is missing")
        .hasMessageNotContaining("of-entra");
  }

  @Test
  void other_provider_types_are_left_to_other_factories() {
    assertThat(factory(Map.of("arctic.providers.gpt.type", "openai")).configured()).isEmpty();
  }

  /// With all that Entra needs besides a secret or a file.
  private Provider provider(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("type", "azure-openai");
    settings.put("endpoint", "http://127.0.0.1:" + azure.url().getPort());
    settings.put("entra.authority", entra.url().toString());
    settings.put("entra.tenant-id", "tenant-1");
    settings.put("entra.client-id", "client-1");
    settings.putAll(more);
    Map<String, String> file = new HashMap<>();
    settings.forEach((name, value) -> file.put("arctic.providers.acme." + name, value));
    return factory(file).configured().getFirst();
  }

  private AzureFactory factory(Map<String, String> file) {
    SmallRyeConfig config = ProviderConfig.config(Map.of(), file);
    return new AzureFactory(
        config.getConfigMapping(ProvidersConfig.class),
        config.getConfigMapping(OpenAiConfig.All.class),
        poll,
        clients,
        oidc,
        new io.vertx.mutiny.core.Vertx(vertx),
        new TestClock());
  }
}
