package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tasks at Azure while Entra ID does not know us: a person must act, and nothing is lost
/// meanwhile.
@QuarkusTest
@TestProfile(FlowEntraProfile.class)
@SuppressWarnings("NullAway.Init") // JUnit and the container fill the fields
class FlowEntraTest extends Flow {

  private static final String REFUSAL =
      """
      {"error":"invalid_client","error_description":"AADSTS7000222: The secret s3cret9 is expired."}\
      """;

  @Inject Vertx vertx;

  @ConfigProperty(name = "arctic.providers.azure.entra.authority")
  URI authority;

  private HttpServer entra;
  private volatile boolean isRefused;

  @BeforeEach
  void start() throws Exception {
    openTheAccount("azure");
    isRefused = false;
    entra =
        vertx
            .createHttpServer()
            .requestHandler(this::grant)
            .listen(authority.getPort(), "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    entra.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void a_secret_that_is_refused_parks_the_account_and_says_what_to_do() {
    // Given
    isRefused = true;
    submit(4, "provider=azure", "max_attempts=1");

    // When
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("parked");
    assertThat(waitsFor()).isEqualTo("credentials");
    assertThat(health().path("state").asText()).isEqualTo("parked");
    assertThat(health().path("waits_for").asText()).isEqualTo("credentials");
    assertThat(health().path("because").asText())
        .contains("Entra ID refuses it (invalid_client AADSTS7000222)")
        .contains("arctic.providers.azure.entra (tenant-id, client-id, client-secret)");
    assertThat(view().path("waiting_for").path("detail").asText()).contains("AADSTS7000222");
    assertThat(view() + " " + partitions() + health()).doesNotContain("s3cret9");
    assertThat(started()).isEmpty();
  }

  @Test
  void it_goes_on_by_itself_when_the_secret_works_again() {
    // Given: several attempts in vain, and no request's
    isRefused = true;
    submit(4, "provider=azure", "max_attempts=1");
    for (int tries = 0; tries < 3; tries++) {
      tick();
      waitForTheNextMove();
    }
    assertThat(partitionState()).isEqualTo("parked");

    // When
    isRefused = false;
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(health().path("state").asText()).isEqualTo("ok");
  }

  @Test
  void a_refresh_uses_the_repaired_secret_at_once() {
    // Given
    isRefused = true;
    submit(4, "provider=azure");
    tick();
    isRefused = false;

    // When
    say("refresh");
    tick();

    // Then: no time has passed
    assertThat(partitionState()).isEqualTo("uploading");
    assertThat(health().path("state").asText()).isEqualTo("ok");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_secret_that_is_refused_while_a_batch_runs_loses_nothing() {
    // Given: the token is old by the time of the next poll
    submit(4, "provider=azure");
    runUntilPartitionIs("submitted");
    isRefused = true;
    clock.advance(Duration.ofHours(2));

    // When
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("credentials");
    assertThat(state()).isEqualTo("running");
    isRefused = false;
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  private void grant(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(isRefused ? 401 : 200)
        .putHeader("Content-Type", "application/json")
        .end(
            isRefused
                ? REFUSAL
                : "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"granted\"}");
  }

  private static JsonNode health() {
    return json(given().get("/v1/providers/azure").then().extract().asString()).path("health");
  }
}
