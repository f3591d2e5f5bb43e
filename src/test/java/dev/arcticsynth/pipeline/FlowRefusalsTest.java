package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls that the provider refuses: waited for, healed from, or believed.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowRefusalsTest extends Flow {

  @ParameterizedTest
  @ValueSource(strings = {"CREATE", "UPLOAD"})
  void a_throttled_call_is_made_again_after_as_long_as_the_provider_says(Operation operation) {
    // Given
    submit(4);
    faults().next(new Fault.Refused(429, "70", false), operation);
    Instant refused = clock.instant();

    // When
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("quota");
    assertThat(nextMove()).isEqualTo(refused.plusSeconds(70));
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void the_provider_may_give_the_time_as_a_date() {
    // Given
    submit(4);
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            clock.instant().plusSeconds(100).atOffset(ZoneOffset.UTC));
    faults().next(new Fault.Refused(429, date, false), Operation.CREATE);
    Instant refused = clock.instant();

    // When
    tick();

    // Then
    assertThat(nextMove()).isBetween(refused.plusSeconds(99), refused.plusSeconds(100));
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  static Stream<Optional<String>> noTime() {
    return Stream.of(Optional.empty(), Optional.of("soon"), Optional.of("-5"), Optional.of(""));
  }

  @ParameterizedTest
  @MethodSource("noTime")
  void without_a_time_the_service_chooses_one(Optional<String> retryAfter) {
    // Given
    submit(4, "max_attempts=1");
    faults().next(8, new Fault.Refused(429, retryAfter.orElse(null), false), Operation.CREATE);
    tick();
    assertThat(waitsFor()).isEqualTo("quota");

    // When
    run();

    // Then: eight refusals have cost no attempt
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  static Stream<Fault> passing() {
    return Stream.of(refused(500), refused(408), new Fault.Refused(502, null, true));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void an_upload_that_fails_is_done_again(Fault fault) {
    // Given
    submit(4);
    faults().next(3, fault, Operation.UPLOAD);
    tick();
    assertThat(waitsFor()).isEqualTo("provider");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CREATE", "UPLOAD"})
  void refused_credentials_park_a_partition_until_they_are_repaired(Operation operation) {
    // Given
    submit(4);
    faults().next(3, refused(401), operation);

    // When
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("parked");
    assertThat(waitsFor()).isEqualTo("credentials");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  static Stream<Fault> refusals() {
    return Stream.of(
        new Fault.Refused(429, "1", false),
        refused(401),
        refused(402),
        new Fault.RefusedAs(429, "token_limit_exceeded", "Limit: 90,000 enqueued tokens."));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void a_create_that_is_refused_again_and_again_needs_one_upload(Fault fault) {
    // Given
    submit(4, "max_attempts=1");
    faults().next(20, fault, Operation.CREATE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(events().stream().filter("partition.upload_begun"::equals)).hasSize(1);
    assertThat(events().stream().filter("partition.uploaded"::equals)).hasSize(1);
    assertThat(partition().path("attempts").asInt()).isEqualTo(1);
  }

  @Test
  void a_task_that_is_stopped_while_its_file_waits_leaves_no_file() {
    // Given
    submit(4);
    faults().next(refused(401), Operation.CREATE);
    tick();
    assertThat(partitionState()).isEqualTo("parked");
    String file = partition().path("remote_file_id").asText();

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    assertThat(started()).isEmpty();
    assertThat(atTheSimulator("GET", file)).isEqualTo(404);
  }

  @Test
  void a_file_that_is_lost_while_its_create_waits_is_uploaded_again() {
    // Given
    submit(4);
    faults().next(refused(401), Operation.CREATE);
    tick();
    assertThat(atTheSimulator("DELETE", partition().path("remote_file_id").asText()))
        .isEqualTo(200);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_refresh_wakes_what_is_parked() {
    // Given
    submit(4);
    faults().next(refused(403), Operation.CREATE);
    tick();
    assertThat(partitionState()).isEqualTo("parked");

    // When
    say("refresh");
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("submitted");
  }

  @Test
  void a_poll_with_refused_credentials_says_so_and_goes_on() {
    // Given
    submit(4);
    tick();
    faults().next(2, refused(401), Operation.RETRIEVE);

    // When
    waitForTheNextMove();
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("submitted");
    assertThat(waitsFor()).isEqualTo("credentials");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void used_up_money_waits_for_an_operator() {
    // Given
    submit(4);
    faults().next(refused(402), Operation.CREATE);

    // When
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("operator");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_request_that_is_refused_once_is_made_again() {
    // Given
    submit(4);
    faults().next(refused(422), Operation.CREATE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_task_that_is_refused_twice_fails_with_the_reason() {
    // Given
    submit(4);
    faults().next(2, refused(422), Operation.CREATE);

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    assertThat(view().path("failure").asText()).contains("422");
    everyRequestHasOneResult(0, 4, 0);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_full_queue_is_waited_for() {
    // Given
    submit(4, "max_attempts=1");
    faults().next(3, new Fault.TokenLimitExceeded());
    runUntil(() -> waitsFor().equals("quota"));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    assertThat(started()).hasSize(4);
  }

  @Test
  void a_line_that_the_provider_refuses_fails_alone() {
    // Given
    submit(6, "max_attempts=1");
    faults().next(new Fault.FailedWithLine(3, "invalid_request"));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(5, 1, 0);
    assertThat(errorOf(results().get(2))).isEqualTo("invalid_request");
    nothingIsBilledMoreThan(1);
    assertThat(started()).hasSize(2);
  }

  @Test
  void lines_that_are_refused_one_after_the_other_fail_one_by_one() {
    // Given: the second batch has one line less
    submit(6);
    faults().next(2, new Fault.FailedWithLine(3, "invalid_request"));

    // When
    run();

    // Then
    everyRequestHasOneResult(4, 2, 0);
    assertThat(errorOf(results().get(2))).isEqualTo("invalid_request");
    assertThat(errorOf(results().get(3))).isEqualTo("invalid_request");
    nothingIsBilledMoreThan(1);
    assertThat(started()).hasSize(3);
  }

  @Test
  void a_batch_that_fails_without_a_line_is_repeated_once() {
    // Given
    submit(6);
    faults().next(new Fault.FailedWithoutLine("server_error"));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_batch_that_fails_twice_without_a_line_fails_the_task() {
    // Given
    submit(6);
    faults().next(2, new Fault.FailedWithoutLine("model_not_found"));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    assertThat(view().path("failure").asText()).contains("model_not_found");
    everyRequestHasOneResult(0, 6, 0);
    assertThat(errors()).containsOnly("model_not_found");
    assertThat(started()).hasSize(2);
    assertThat(billed()).isEmpty();
  }

  @Test
  void a_partition_that_fails_as_a_whole_leaves_the_others_alone() {
    // Given
    submit(6, "auto=false", "batch_size=3");
    say("upload");
    tick();
    faults().add(new FaultRule(new Fault.FailedWithoutLine("url_mismatch"), null, 2, 0, idOf(0)));

    // When
    say("submit");
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(3, 3, 0);
    assertThat(errors()).containsExactly("url_mismatch", "url_mismatch", "url_mismatch");
    nothingIsBilledMoreThan(1);
  }

  @Test
  void what_failed_as_a_whole_succeeds_when_it_is_retried() {
    // Given
    submit(6);
    faults().next(2, new Fault.FailedWithoutLine("model_not_found"));
    run();
    assertThat(state()).isEqualTo("failed");

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
  }

  @Test
  void an_old_failure_is_not_the_reason_of_a_later_one() {
    // Given
    submit(6);
    faults().next(2, new Fault.FailedWithoutLine("model_not_found"));
    run();
    faults().next(new Fault.RowStatus(400, RowSelection.share(1)));

    // When
    say("retry");
    run();

    // Then: every request was run and has an answer of its own
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(0, 6, 0);
  }

  private int atTheSimulator(String method, String fileId) {
    return given()
        .header("Authorization", "Bearer any")
        .request(method, simulators.simulator().url() + "/files/" + fileId)
        .statusCode();
  }

  private Instant nextMove() {
    return Instant.parse(partition().path("next_move_at").asText());
  }

  private String idOf(int ordinal) {
    return sql(
            "SELECT p.id FROM partition p JOIN task t ON t.id = task_id WHERE t.name = $1 AND p.ordinal = $2",
            task,
            ordinal)
        .getFirst()
        .getUUID(0)
        .toString();
  }
}
