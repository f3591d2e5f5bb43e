package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.task.quota.ProviderAccounts;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Accounts on which nothing can be begun until a person has acted.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowCircuitBreakerTest extends Flow {

  @Inject ProviderAccounts accounts;

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

  @Test
  void a_corrected_key_is_tried_at_the_start_and_not_when_the_pause_is_over() {
    // Given: refused under the settings of a process before this one
    refuseOneTask(401);
    List<Row> _ =
        sql("UPDATE provider_account SET settings = 'before', parked_settings = 'before'");

    // When
    accounts.started(List.of("simulator")).await().indefinitely();
    tick();

    // Then
    assertThat(health().path("state").asText()).isEqualTo("ok");
    assertThat(partitionState()).isEqualTo("submitted");
    run();
    everyRequestIsAnsweredAndBilledOnce(1);
  }

  @Test
  void a_start_with_the_same_settings_changes_nothing() {
    // Given
    accounts.started(List.of("simulator")).await().indefinitely();
    refuseOneTask(401);

    // When
    accounts.started(List.of("simulator")).await().indefinitely();
    tick();

    // Then
    assertThat(health().path("state").asText()).isEqualTo("parked");
    assertThat(partitionState()).isEqualTo("parked");
    run();
    everyRequestIsAnsweredAndBilledOnce(1);
  }

  @Test
  void what_a_process_with_another_key_is_refused_does_not_stop_this_one() {
    // Given
    refuseOneTask(401);
    List<Row> _ = sql("UPDATE provider_account SET parked_settings = 'another'");

    // When
    submitAs("another", 2);
    tick();

    // Then
    assertThat(health().path("state").asText()).isEqualTo("ok");
    assertThat(partitionState()).isEqualTo("submitted");
    run();
    everyRequestIsAnsweredAndBilledOnce(2);
  }

  @Test
  void a_correction_wakes_what_waits_for_the_provider_and_no_batch_that_is_searched_for() {
    // Given
    submit(1);
    tick();
    faults().next(refused(401), Operation.RETRIEVE);
    waitForTheNextMove();
    tick();
    assertThat(waitsFor()).isEqualTo("credentials");
    String polled = task;
    submitAs("lost", 1);
    faults().next(new Fault.LostReply(), Operation.CREATE);
    faults().next(new Fault.ListLag(Duration.ofSeconds(100)), Operation.LIST_BATCHES);
    runUntilPartitionIs("reconciling");
    List<Row> _ = sql("UPDATE provider_account SET settings = 'before'");
    var due = sql("SELECT due_at FROM partition WHERE state = 'RECONCILING'").getFirst();

    // When
    accounts.started(List.of("simulator")).await().indefinitely();

    // Then
    assertThat(
            sql("SELECT due_at FROM partition WHERE state = 'RECONCILING'").getFirst().getValue(0))
        .isEqualTo(due.getValue(0));
    assertThat(
            sql(
                "SELECT 1 FROM partition WHERE state = 'SUBMITTED' AND due_at <= $1",
                clock.instant().atOffset(ZoneOffset.UTC)))
        .hasSize(1);
    run();
    everyRequestIsAnsweredAndBilledOnce(1);
    task = polled;
    run();
    everyRequestIsAnsweredAndBilledOnce(1);
  }

  @ParameterizedTest
  @CsvSource({"CREATE", "UPLOAD"})
  void a_model_that_the_account_may_not_use_stops_its_own_requests_only(Operation operation) {
    // Given
    var noAccess =
        new Fault.RefusedAs(
            403, "model_not_found", "Project `p` does not have access to model `gpt-no`.");
    faults().add(new FaultRule(noAccess, Set.of(operation), 2, 0, null));

    // When
    submitLines(line(0, "gpt-no"));
    run();
    String denied = task;
    submitAs("another", 2);
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(2);
    assertThat(health().path("state").asText()).isEqualTo("ok");
    task = denied;
    assertThat(state()).isEqualTo("failed");
    assertThat(view().path("failure").asText()).contains("does not have access to model");
    assertThat(results().getFirst().path("error").path("message").asText())
        .contains("does not have access to model");
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
