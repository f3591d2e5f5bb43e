package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider that calls us: it can have us ask earlier, and nothing else.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowProviderWebhookTest extends Flow {

  private static final String OTHER = "whsec_" + "b3RoZXJz".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"batch.completed", "batch.failed", "batch.expired", "batch.cancelled"})
  void a_signed_message_that_a_batch_is_over_only_makes_it_polled_now(String type) {
    // Given
    submitted();

    // When
    Response answer = post(type, batch());
    Response again = post(type, batch());

    // Then
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(again.statusCode()).isEqualTo(204);
    assertThat(due()).isEqualTo(clock.instant());
    tick();
    assertThat(partitionState()).isEqualTo("submitted");
    assertThat(due()).isAfter(clock.instant());
    run();
    everyRequestIsAnsweredAndBilledOnce(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"response.completed", "batch.in_progress", "batch", ""})
  void messages_about_other_events_are_ignored(String type) {
    // Given
    submitted();
    Instant before = due();

    // When
    Response answer = post(type, batch());

    // Then
    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(due()).isEqualTo(before);
  }

  @Test
  void a_batch_that_is_not_ours_is_answered_the_same() {
    // Given
    submitted();
    Instant before = due();

    // Then
    assertThat(post("batch.completed", "batch_unknown").statusCode()).isEqualTo(204);
    assertThat(post("batch.completed", "\\u0000").statusCode()).isEqualTo(204);
    assertThat(due()).isEqualTo(before);
  }

  @Test
  void what_is_not_signed_by_the_provider_changes_nothing() {
    // Given
    submitted();
    Instant before = due();
    long now = clock.instant().getEpochSecond();
    String body = body("batch.completed", batch());

    // Then
    assertThat(send(body, now, signature(OTHER, now, body)).statusCode()).isEqualTo(401);
    assertThat(send(body + " ", now, signature(FlowProfile.WEBHOOK_SECRET, now, body)).statusCode())
        .isEqualTo(401);
    assertThat(send(body, now, "v1,").statusCode()).isEqualTo(401);
    long old = now - 301;
    Response late = send(body, old, signature(FlowProfile.WEBHOOK_SECRET, old, body));
    assertThat(late.statusCode()).isEqualTo(401);
    assertThat(late.path("type").toString()).endsWith("/bad-signature");
    assertThat(
            given()
                .contentType("application/json")
                .body(body)
                .post("/v1/providers/simulator/webhook")
                .statusCode())
        .isEqualTo(401);
    assertThat(due()).isEqualTo(before);
  }

  @Test
  void a_provider_without_a_secret_has_no_webhook() {
    assertThat(
            given()
                .contentType("application/json")
                .body("{}")
                .post("/v1/providers/unknown/webhook")
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void a_body_that_is_too_large_is_not_read_to_its_end() {
    assertThat(
            given()
                .contentType("application/json")
                .body("x".repeat(65_537))
                .post("/v1/providers/simulator/webhook")
                .statusCode())
        .isEqualTo(413);
  }

  private void submitted() {
    submit(3);
    runUntilPartitionIs("submitted");
    assertThat(due()).isAfter(clock.instant().plus(Duration.ofSeconds(5)));
  }

  private String batch() {
    return partition().path("remote_batch_id").asText();
  }

  private Instant due() {
    return sql("SELECT due_at FROM partition").getFirst().getOffsetDateTime(0).toInstant();
  }

  private Response post(String type, String batch) {
    long now = clock.instant().getEpochSecond();
    String body = body(type, batch);
    return send(body, now, signature(FlowProfile.WEBHOOK_SECRET, now, body));
  }

  private static Response send(String body, long seconds, String signature) {
    return given()
        .contentType("application/json")
        .header("webhook-id", "evt_1")
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .body(body.getBytes(UTF_8))
        .post("/v1/providers/simulator/webhook");
  }

  private static String body(String type, String batch) {
    return "{\"id\":\"evt_1\",\"type\":\"%s\",\"data\":{\"id\":\"%s\"}}".formatted(type, batch);
  }

  private static String signature(String secret, long seconds, String body) {
    try {
      return new Webhook(secret).sign("evt_1", seconds, body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
