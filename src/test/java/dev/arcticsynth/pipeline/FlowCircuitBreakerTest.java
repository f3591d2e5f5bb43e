package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Accounts on which nothing can be begun until a person has acted.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowCircuitBreakerTest extends Flow {

  @ParameterizedTest
  @CsvSource({"401, credentials", "403, credentials", "402, operator"})
  void nothing_is_begun_on_an_account_that_was_refused(int status, String reason) {
    // Given
    refuseOneTask(status);

    // When
    submitAs("another", 6, "batch_size=1", "max_attempts=1");
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo(reason);
    assertThat(view().path("waiting_for").path("detail").asText())
        .contains("6 partitions wait for a person", "simulator", "HTTP " + status);
    assertThat(partitions()).allMatch(p -> p.path("attempts").asInt() == 0);
    assertThat(health().path("state").asText()).isEqualTo("parked");
    assertThat(health().path("waits_for").asText()).isEqualTo(reason);
    assertThat(health().path("because").asText()).contains("HTTP " + status);
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(health().path("state").asText()).isEqualTo("ok");
  }

  @Test
  void one_partition_probes_and_the_others_follow_when_it_got_through() {
    // Given
    refuseOneTask(401);
    submitAs("another", 6, "batch_size=1");
    tick();
    faults().next(3, refused(401), Operation.UPLOAD);

    // When: three times one of all the seven probes in vain
    for (int tries = 2; tries <= 4; tries++) {
      waitForTheNextMove();
      tick();
      while (attempts() < tries) {
        waitForTheNextMove();
        tick();
      }

      // Then
      assertThat(attempts()).isEqualTo(tries);
    }
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(events().stream().filter("partition.held_back"::equals)).hasSizeLessThanOrEqualTo(9);
  }

  @Test
  void a_refresh_of_any_task_probes_at_once_and_wakes_all() {
    // Given
    refuseOneTask(401);
    submitAs("another", 3, "batch_size=1");
    tick();

    // When
    say("refresh");
    assertThat(health().path("state").asText()).isEqualTo("ok");
    tick();

    // Then
    assertThat(sql("SELECT 1 FROM partition WHERE state <> 'SUBMITTED'")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "billing_hard_limit_reached, operator",
    "insufficient_quota, operator",
    "invalid_api_key, credentials"
  })
  void a_batch_that_is_refused_for_money_parks_the_account_and_costs_no_attempt(
      String code, String reason) {
    // Given
    submit(4, "max_attempts=1");
    faults().next(3, new Fault.FailedWithoutLine(code));
    runUntilPartitionIs("parked");
    String first = task;

    // When
    submitAs("another", 4, "max_attempts=1");
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo(reason);
    assertThat(started()).isEmpty();
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    task = first;
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
  }

  @Test
  void batches_in_flight_go_on_while_the_account_is_parked() {
    // Given
    submit(4);
    tick();
    String running = task;
    submitAs("another", 2);
    faults().always(refused(401), Operation.UPLOAD);
    tick();
    assertThat(health().path("state").asText()).isEqualTo("parked");

    // When
    task = running;
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
  }

  @Test
  void a_task_that_is_cancelled_while_its_account_is_parked_is_over() {
    // Given
    refuseOneTask(401);
    submitAs("another", 3, "batch_size=1");
    tick();

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    assertThat(started()).isEmpty();
  }

  /// Leaves a task behind whose only partition is parked.
  private void refuseOneTask(int status) {
    submit(1);
    faults().next(refused(status), Operation.CREATE);
    tick();
    assertThat(partitionState()).isEqualTo("parked");
  }

  private void submitAs(String suffix, int requests, String... query) {
    task = task + "-" + suffix;
    submit(requests, query);
  }

  private int attempts() {
    return sql("SELECT count(*) FROM attempt").getFirst().getInteger(0);
  }

  private static JsonNode health() {
    return json(given().get("/v1/providers/simulator").then().extract().asString()).path("health");
  }
}
