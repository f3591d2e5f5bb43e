package dev.arcticsynth.provider.openai.azure;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static dev.arcticsynth.provider.openai.OpenAiSamples.aSubmission;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.openai.OpenAiClients;
import dev.arcticsynth.provider.openai.ProviderConfig;
import dev.arcticsynth.provider.openai.ScriptedServer;
import dev.arcticsynth.provider.openai.WithoutDatabase;
import io.quarkus.oidc.client.OidcClients;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens of Entra ID, granted by an endpoint on loopback.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class EntraTest {

  private static final String BATCH = "{\"id\":\"b-1\",\"status\":\"completed\"}";

  @Inject OpenAiClients clients;
  @Inject OidcClients oidc;
  @Inject Vertx vertx;
  private Path dir = Path.of(".");
  private final List<String> forms = new CopyOnWriteArrayList<>();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final AtomicInteger granted = new AtomicInteger();
  private final dev.arcticsynth.support.TestClock clock = new dev.arcticsynth.support.TestClock();
  private ScriptedServer entra;
  private ScriptedServer azure;

  @BeforeEach
  void start(@TempDir Path dir) throws Exception {
    this.dir = dir;
    entra = new ScriptedServer(vertx);
    azure = new ScriptedServer(vertx);
    grants(3600);
    accepts("");
  }

  @AfterEach
  void stop() throws Exception {
    entra.close();
    azure.close();
  }

  @Test
  void a_client_with_a_secret_is_granted_a_token_and_keeps_it() {
    // Given
    Provider provider = withSecret();
    // When
    status(provider);
    status(provider);
    // Then
    assertThat(entra.asked()).containsExactly("POST /v1/tenant-1/oauth2/v2.0/token");
    assertThat(forms.getFirst())
        .contains("grant_type=client_credentials")
        .contains("client_id=client-1")
        .contains("client_secret=s3cret9")
        .contains("scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
    assertThat(sent).containsExactly("Bearer token-1", "Bearer token-1");
  }

  @Test
  void a_token_is_renewed_before_it_expires() {
    // Given
    Provider provider = withSecret();
    status(provider);
    // When
    clock.advance(Duration.ofMinutes(54));
    status(provider);
    clock.advance(Duration.ofMinutes(2));
    status(provider);
    // Then
    assertThat(sent).containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
  }

  @Test
  void a_file_that_kubernetes_replaces_is_read_again_for_each_token() throws Exception {
    // Given
    Path file = dir.resolve("token");
    Files.writeString(file, "assertion-1\n");
    Provider provider = provider(Map.of("entra.token-file", file.toString()));
    status(provider);
    Files.writeString(file, "assertion-2\n");
    // When
    clock.advance(Duration.ofHours(1));
    status(provider);
    // Then
    assertThat(forms).hasSize(2);
    assertThat(forms)
        .allSatisfy(form ->
            assertThat(form)
                .contains("client_id=client-1")
                .contains(
                    "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
                .doesNotContain("client_secret"));
    assertThat(forms.getFirst()).contains("client_assertion=assertion-1");
    assertThat(forms.getLast()).contains("client_assertion=assertion-2");
    assertThat(forms.getLast()).doesNotContain("assertion-1");
  }

  @Test
  void a_missing_file_needs_a_person() {
    // Given
    Provider provider = provider(Map.of("entra.token-file", dir.resolve("none").toString()));
    // When
    ProviderException failure = failure(provider);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageContaining("arctic.providers.acme.entra.token-file");
  }

  @Test
  void a_token_that_is_refused_before_its_time_is_renewed_once_and_the_call_repeated() {
    // Given
    Provider provider = withSecret();
    status(provider);
    clock.advance(Duration.ofMinutes(10));
    accepts("Bearer token-2");
    // When
    status(provider);
    // Then
    assertThat(sent).containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
  }

  @Test
  void a_new_token_that_is_refused_needs_a_person() {
    // Given
    Provider provider = withSecret();
    accepts("Bearer of-another-client");
    // When
    ProviderException failure = failure(provider);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(sent).hasSize(1);
  }

  @Test
  void a_create_is_never_sent_twice_for_a_token_that_was_refused() {
    // Given
    Provider provider = withSecret();
    status(provider);
    clock.advance(Duration.ofMinutes(10));
    accepts("Bearer token-2");
    // When
    ProviderException failure =
        catchThrowableOfType(
            ProviderException.class,
            () -> provider.create(aSubmission(3), "f-1").await().atMost(PATIENCE));
    status(provider);
    // Then: it was not done, and the next attempt has another token
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(azure.asked().stream().filter(call -> call.startsWith("POST"))).hasSize(1);
    assertThat(sent.getLast()).isEqualTo("Bearer token-2");
  }

  @Test
  void an_endpoint_that_cannot_be_reached_passes() throws Exception {
    // Given
    Provider provider = withSecret();
    entra.close();
    // When
    ProviderException failure =
        catchThrowableOfType(
            ProviderException.class,
            () -> provider.create(aSubmission(3), "f-1").await().atMost(PATIENCE));
    // Then: nothing was sent, so nothing is in doubt
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(azure.asked()).isEmpty();
  }

  @Test
  void an_endpoint_that_fails_passes() {
    // Given
    entra.answers(503, "<html>busy</html>");
    // Then
    assertThat(failure(withSecret()).kind()).isEqualTo(Kind.TRANSIENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401})
  void a_refused_secret_needs_a_person_and_the_message_says_what_to_do(int status) {
    // Given
    entra.answers(
        status,
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: The provided client secret s3cret9 is expired.\"}");
    // When
    ProviderException failure = failure(withSecret());
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure)
        .hasMessageContaining("invalid_client AADSTS7000222")
        .hasMessageContaining("arctic.providers.acme.entra")
        .hasMessageContaining("client-secret")
        .hasMessageNotContaining("s3cret9");
    assertThat(azure.asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"entra.tenant-id", "entra.client-id"})
  void what_is_missing_is_named_at_the_start(String setting) {
    // Given
    Map<String, String> settings = new HashMap<>(settings());
    settings.put("entra.client-secret", "s3cret9");
    settings.remove(setting);
    // Then
    assertThatThrownBy(() -> connect(settings))
        .hasMessageStartingWith("arctic.providers.acme." + setting + " ")
        .hasMessageNotContaining("s3cret9");
  }

  private Provider withSecret() {
    return provider(Map.of("entra.client-secret", "s3cret9"));
  }

  private Provider provider(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(settings());
    settings.putAll(more);
    return connect(settings);
  }

  private Map<String, String> settings() {
    return Map.of(
        "endpoint",
        "http://127.0.0.1:" + azure.url().getPort(),
        "entra.authority",
        entra.url().toString(),
        "entra.tenant-id",
        "tenant-1",
        "entra.client-id",
        "client-1");
  }

  private Provider connect(Map<String, String> settings) {
    ProviderConfig config = ProviderConfig.of("azure-openai", settings);
    var accounts =
        new AzureAccounts(
            "acme",
            config.settings(),
            config.more(),
            new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5)));
    Entra entra = Entra.of("acme", config.more().entra()).orElseThrow();
    var tokens = new EntraTokens(entra, oidc, new io.vertx.mutiny.core.Vertx(vertx));
    return clients.connect(accounts.azure(new EntraCredentials(tokens::next, clock, "test")));
  }

  private static void status(Provider provider) {
    var _ = provider.status("b-1").await().atMost(PATIENCE);
  }

  private static ProviderException failure(Provider provider) {
    return catchThrowableOfType(ProviderException.class, () -> status(provider));
  }

  private void grants(int seconds) {
    entra.does(request ->
        request.bodyHandler(form -> {
          forms.add(form.toString());
          request
              .response()
              .putHeader("Content-Type", "application/json")
              .end(
                  "{\"token_type\":\"Bearer\",\"expires_in\":%d,\"access_token\":\"token-%d\"}"
                      .formatted(seconds, granted.incrementAndGet()));
        }));
  }

  /// @param only the one header that is accepted; empty for all
  private void accepts(String only) {
    azure.does(request -> {
      String authorization = String.valueOf(request.getHeader("Authorization"));
      sent.add(authorization);
      boolean isAccepted = only.isEmpty() || only.equals(authorization);
      request
          .response()
          .setStatusCode(isAccepted ? 200 : 401)
          .putHeader("Content-Type", "application/json")
          .end(isAccepted ? BATCH : "{\"error\":{\"code\":\"401\",\"message\":\"expired\"}}");
    });
  }
}
