package dev.arcticsynth.provider.openai;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static dev.arcticsynth.provider.openai.OpenAiSamples.aSubmission;
import static dev.arcticsynth.provider.openai.OpenAiSamples.anAccount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.TokenLimit;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The one call that costs money: what each reply to it means.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class OpenAiCreateTest {

  @Inject OpenAiClients clients;
  @Inject Vertx vertx;
  private ScriptedServer server;
  private OpenAiProvider provider;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(vertx);
    provider = clients.connect(anAccount(server.url()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void a_batch_is_created_with_its_tag_and_the_headers_of_the_account() throws Exception {
    // Given
    CompletableFuture<JsonObject> sent = new CompletableFuture<>();
    CompletableFuture<Map<String, String>> headers = new CompletableFuture<>();
    server.does(request -> {
      headers.complete(
          Map.of(
              "key", request.getHeader("Authorization"),
              "project", request.getHeader("OpenAI-Project")));
      request.bodyHandler(body -> {
        sent.complete(body.toJsonObject());
        request.response().putHeader("x-request-id", "req_7").end("{\"id\":\"batch_1\"}");
      });
    });
    // When
    RemoteBatch batch = provider.create(aSubmission(9), "file-1").await().atMost(PATIENCE);
    // Then
    assertThat(batch).isEqualTo(new RemoteBatch("batch_1", "req_7"));
    assertThat(sent.get(10, TimeUnit.SECONDS))
        .isEqualTo(
            new JsonObject(
                """
                {"input_file_id":"file-1","endpoint":"/v1/chat/completions",
                 "completion_window":"24h",
                 "metadata":{"arctic_tag":"dep/part-7/1","job":"j-42"}}
                """));
    assertThat(headers.get(10, TimeUnit.SECONDS))
        .isEqualTo(Map.of("key", "Bearer " + OpenAiSamples.KEY, "project", "proj_1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":{"message":"no","type":"invalid_request_error","code":null}} | REJECTED
          404 | {"error":{"message":"No such File object: file-1"}} | REJECTED
          413 | {"error":{"message":"too big"}}                    | REJECTED
          415 | {"error":{"message":"not this"}}                   | REJECTED
          422 | {"detail":"missing"}                               | REJECTED
          422 | {"detail":[{"loc":["body"],"msg":"field required"}]} | REJECTED
          400 | {"object":"error","message":"no","type":"BadRequestError","code":400} | REJECTED
          400 | {"error":{"message":"full","code":"token_limit_exceeded"}} | THROTTLED
          400 | {"error":{"code":"BadRequest","message":"token_limit_exceeded: 90000 tokens"}} | THROTTLED
          400 | {"error":{"code":"quotaExceeded","message":"at most 500 files"}} | THROTTLED
          400 | {"error":{"code":"billing_hard_limit_reached"}}    | EXHAUSTED
          403 | {"error":{"code":"insufficient_quota"}}            | EXHAUSTED
          400 | <html>Bad Request</html>                           | UNKNOWN
          404 | <html>Not Found</html>                             | UNKNOWN
          401 | {"error":{"message":"Incorrect API key"}}          | DENIED
          403 | <html>blocked</html>                               | DENIED
          403 | {"error":{"message":"Project `p` does not have access to model `m`.","code":"model_not_found"}} | REJECTED
          403 | {"error":{"message":"Your organization must be verified to use the model `m`.","code":null}} | REJECTED
          403 | {"error":{"message":"You are not allowed to sample from this model"}} | REJECTED
          403 | {"error":{"message":"no","type":"permissions_error","code":"model_permission_blocked_project"}} | REJECTED
          401 | {"error":{"message":"no","type":"key_model_access_denied","param":"model","code":"401"}} | REJECTED
          403 | {"detail":"Model 'm' is not enabled for your tier"} | REJECTED
          401 | {"error":{"message":"You have insufficient permissions. Missing scopes: model.request"}} | DENIED
          403 | {"error":{"message":"Country, region, or territory not supported"}} | DENIED
          403 | {"error":{"message":"You may not use the model.request scope"}} | DENIED
          429 | {"error":{"code":"rate_limit_exceeded"}}           | THROTTLED
          429 | <html>slow down</html>                             | THROTTLED
          429 | {"error":{"type":"insufficient_quota"}}            | EXHAUSTED
          429 | {"error":{"code":"project_spend_limit_exceeded"}}  | EXHAUSTED
          429 | {"error":{"code":"organization_usage_limit_exceeded"}} | EXHAUSTED
          429 | {"error":{"code":"credit_balance_exhausted"}}      | EXHAUSTED
          307 | ''                                                 | UNKNOWN
          408 | {"error":{"message":"timeout"}}                    | UNKNOWN
          409 | {"error":{"message":"conflict"}}                   | UNKNOWN
          418 | {"error":{"message":"teapot"}}                     | UNKNOWN
          500 | {"error":{"message":"oops"}}                       | UNKNOWN
          502 | <html>Bad gateway</html>                           | UNKNOWN
          503 | {"error":{"code":"server_is_overloaded"}}          | UNKNOWN
          200 | <html>Welcome</html>                               | UNKNOWN
          200 | {}                                                 | UNKNOWN
          200 | {"id":null}                                        | UNKNOWN
          200 | {"id":""}                                          | UNKNOWN
          200 | {"id":"batch_1","input_file_id":"file-2"}          | UNKNOWN
          200 | ["batch_1"]                                        | UNKNOWN
          200 | {"id":"batch                                       | UNKNOWN
          200 | ''                                                 | UNKNOWN
          204 | ''                                                 | UNKNOWN
          """)
  void a_reply_decides_whether_the_batch_can_exist(int status, String body, Kind kind) {
    // Given
    server.answers(status, body);
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("file-1").hasMessageContaining("HTTP " + status);
    assertThat(server.asked()).as("calls").containsExactly("POST /v1/batches");
  }

  @Test
  void a_full_queue_has_one_name_whatever_the_provider_calls_it() {
    // Given
    server.answers(
        400,
        "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Token_Limit_Exceeded, limit: 90,000 tokens\"}}");
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.code()).contains(TokenLimit.EXCEEDED);
    assertThat(TokenLimit.in(String.valueOf(failure.getMessage()))).hasValue(90_000);
  }

  @Test
  void a_refusal_carries_its_request_id_and_how_long_to_wait() {
    // Given
    server.answers(
        429,
        "{\"error\":{\"message\":\"Slow\\u0007 down, sk-abcdef123456!\",\"code\":\"slow_down\"}}",
        Map.of("Retry-After", "17"));
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure)
        .hasMessage(
            "create of a batch from file-1: HTTP 429 slow_down: Slow  down, sk-…!"
                + " (request id req_7)");
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(17));
    assertThat(failure.code()).contains("slow_down");
    assertThat(failure.requestId()).contains("req_7");
  }

  @Test
  void a_connection_that_is_refused_has_created_nothing() throws Exception {
    // Given
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    provider = clients.connect(anAccount(URI.create("http://127.0.0.1:" + port + "/v1")));
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void an_unknown_host_has_created_nothing() {
    // Given
    provider = clients.connect(anAccount(URI.create("http://unknown.invalid/v1")));
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void a_server_without_a_certificate_leaves_it_open() {
    // Given
    URI encrypted = URI.create(server.url().toString().replace("http:", "https:"));
    provider = clients.connect(anAccount(encrypted));
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void a_reset_before_the_reply_leaves_it_open_and_is_not_sent_again() {
    // Given
    server.hangsUp();
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void a_reply_that_is_cut_leaves_it_open() {
    // Given
    server.does(request ->
        request
            .response()
            .putHeader("Content-Type", "application/json")
            .putHeader("Content-Length", "100")
            .write("{\"id\":\"batch_1\"}")
            .onComplete(_ -> request.connection().close()));
    // When
    ProviderException failure = failureOfCreate();
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void nothing_is_sent_before_a_subscription() {
    // When
    var unasked = provider.create(aSubmission(9), "file-1");
    // Then
    assertThat(unasked).isNotNull();
    assertThat(server.asked()).isEmpty();
  }

  private ProviderException failureOfCreate() {
    ProviderException failure =
        catchThrowableOfType(
            ProviderException.class,
            () -> provider.create(aSubmission(9), "file-1").await().atMost(PATIENCE));
    assertThat(failure).hasMessageNotContaining(OpenAiSamples.KEY);
    return failure;
  }
}
