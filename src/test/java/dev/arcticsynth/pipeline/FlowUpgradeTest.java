package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.support.WebhookReceiver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// A database that an earlier release made, with tasks in every state in which it could stop: the
/// migrations of today take it over, and all of it comes to its end.
///
/// [UpgradeRecorder] made it. A migration that cannot be applied to it, or leaves a task that does
/// not go on, fails here and would have failed at every user's.
@QuarkusTest
@TestProfile(UpgradeProfile.class)
class FlowUpgradeTest extends Flow {

  private static final String LAST_OF_THEN = "13";
  private static final Duration LONGER_THAN_IT_TOOK_TO_RECORD = Duration.ofHours(1);

  /// How many requests each task has that ends with answers.
  private static final Map<String, Integer> ANSWERED =
      Map.of(
          "completed", 3,
          "owed", 2,
          "ended", 3,
          "submitted", 5,
          "held", 4,
          "reconciling", 3,
          "ready", 3,
          "parked", 3,
          "new", 3,
          "open", 4);

  @jakarta.inject.Inject Flyway flyway;

  /// Nothing is taken away: what is there is what is tested.
  @Override
  @BeforeEach
  void nothingIsUnderWay(TestInfo test) {
    clock.advance(LONGER_THAN_IT_TOOK_TO_RECORD);
    openTheAccount();
  }

  @Test
  void what_an_earlier_release_left_is_taken_over_and_comes_to_its_end() {
    // Given
    assertThat(flyway.info().applied()[0].getVersion().getVersion()).isEqualTo("1");
    assertThat(flyway.info().applied())
        .extracting(migration -> migration.getVersion().getVersion())
        .contains(LAST_OF_THEN);
    assertThat(flyway.info().pending()).isEmpty();
    try (var webhookReceiver = new WebhookReceiver()) {
      List<Row> _ =
          sql(
              "UPDATE delivery SET url = $1 WHERE url = 'http://127.0.0.1:1/told'",
              webhookReceiver.url("127.0.0.1"));
      // When
      task = "open";
      append("r-3");
      say("submit");
      task = "held";
      say("submit");
      task = "parked";
      say("refresh");
      for (String each : ANSWERED.keySet()) {
        task = each;
        run();
      }
      task = "cancelling";
      run();
      runUntil(() -> !webhookReceiver.received().isEmpty());
      // Then
      ANSWERED.forEach((name, requests) -> {
        task = name;
        everyRequestIsAnsweredAndBilledOnce(requests);
      });
      task = "cancelling";
      assertThat(state()).isEqualTo("cancelled");
      assertThat(results()).hasSize(3);
      nothingIsBilledMoreThan(1);
      assertThat(webhookReceiver.received())
          .singleElement()
          .extracting(told -> json(told.text()).path("data").path("task").asText())
          .isEqualTo("owed");
    }
  }

  private void append(String id) {
    given()
        .contentType("application/x-ndjson")
        .body(line(Integer.parseInt(id.substring(2)), "gpt-test").getBytes(UTF_8))
        .post("/v1/tasks/" + task + "/requests")
        .then()
        .statusCode(200);
  }
}
