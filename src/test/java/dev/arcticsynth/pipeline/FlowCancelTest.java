package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import dev.arcticsynth.provider.simulator.store.Ledger;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Cancel, retry, delete.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowCancelTest extends Flow {

  @Test
  void a_cancel_that_reaches_no_provider_says_so() {
    // Given: another process had the provider's credentials
    submit(2);
    runUntilPartitionIs("submitted");
    var _ = sql("UPDATE task SET provider = 'elsewhere' WHERE name = $1", task);

    // When
    say("cancel");

    // Then
    assertThat(waitsFor()).isEqualTo("operator");
    assertThat(view().path("waiting_for").path("detail").asText())
        .contains("'elsewhere' is not configured in this process");
    // And when
    var _ = sql("UPDATE task SET provider = 'simulator' WHERE name = $1", task);
    run();
    assertThat(state()).isEqualTo("cancelled");
  }

  @Test
  void a_task_that_is_cancelled_before_it_runs_has_a_line_for_each_request() {
    // Given
    submit(5, "auto=false");

    // When
    say("cancel");

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 5);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_task_that_is_cancelled_before_its_first_step_creates_nothing() {
    // Given
    submit(5);

    // When
    say("cancel");
    tick();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 5);
    assertThat(started()).isEmpty();
  }

  @Test
  void what_was_answered_before_the_cancel_is_kept() {
    // Given
    submit(40);
    tick();
    clock.advance(Duration.ofSeconds(55));

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    assertThat(billed()).hasSizeBetween(10, 30);
    everyRequestHasOneResult(billed().size(), 0, 40 - billed().size());
    assertThat(results().stream().filter(Flow::isAnswer).count()).isEqualTo(billed().size());
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_will_not_be_stopped_is_over_when_it_is_over() {
    // Given
    submit(5);
    tick();
    faults().always(refused(500), Operation.CANCEL);

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(5, 0, 0);
    nothingIsBilledMoreThan(1);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_was_over_before_the_cancel_counts_in_full() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofMinutes(10));

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(5, 0, 0);
  }

  static Stream<Fault> cancelFaults() {
    return Stream.of(
        refused(500), new Fault.LostReply(), new Fault.DoneBut(502), refused(429), refused(401));
  }

  @ParameterizedTest
  @MethodSource("cancelFaults")
  void a_cancel_that_does_not_reach_the_provider_is_sent_again(Fault fault) {
    // Given
    submit(10);
    tick();
    clock.advance(Duration.ofSeconds(20));
    faults().next(2, fault, Operation.CANCEL);

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    assertThat(results()).hasSize(10);
    everyRequestHasOneResult(billed().size(), 0, 10 - billed().size());
    oneBatchWasStarted();
  }

  static Stream<Fault> waits() {
    return Stream.of(refused(401), refused(402), new Fault.Refused(429, "86400", false));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void a_cancel_takes_effect_at_once_on_what_waits_for_long(Fault fault) {
    // Given
    submit(5);
    faults().next(fault, Operation.CREATE);
    tick();

    // When
    say("cancel");
    tick();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 5);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_held_task_is_cancelled_at_once_and_its_file_deleted() {
    // Given
    submit(5, "auto=false");
    say("upload");
    tick();
    String file = partition().path("remote_file_id").asText();

    // When
    say("cancel");
    tick();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 5);
    assertThat(deleted()).contains(file);
  }

  @Test
  void a_cancel_that_comes_during_a_held_upload_is_not_lost() {
    // Given
    submit(5, "auto=false");
    faults().next(new Fault.TooLate(Duration.ofMillis(800)), Operation.UPLOAD);
    say("upload");
    var slow = tickElsewhere();
    eventually(() -> faults().rules().isEmpty());

    // When
    say("cancel");
    tick();
    slow.join();
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 5);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_cancel_that_comes_during_an_upload_takes_effect_after_it() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(800)), Operation.UPLOAD);
    var slow = tickElsewhere();
    eventually(() -> faults().rules().isEmpty());

    // When
    say("cancel");
    tick();
    slow.join();
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(billed().size(), 0, 5 - billed().size());
  }

  @Test
  void a_create_in_doubt_is_found_out_before_the_cancel_is_done() {
    // Given
    submit(5);
    faults().next(new Fault.LostReply());
    faults().next(4, refused(500), Operation.LIST_BATCHES);
    tick();
    assertThat(partitionState()).isEqualTo("reconciling");

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(billed().size(), 0, 5 - billed().size());
    assertThat(ledger().entries())
        .anySatisfy(entry -> {
          assertThat(entry.event()).isEqualTo("batch_cancelled");
          assertThat(entry.detail().path("batch").asText()).isEqualTo(started().getFirst().batch());
        });
  }

  @Test
  void requests_that_wait_for_another_attempt_are_cancelled_without_one() {
    // Given
    submit(10);
    faults().next(new Fault.RowStatus(500, RowSelection.rows(4)));
    runUntil(() -> waitsFor().equals("retry"));

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(6, 0, 4);
    oneBatchWasStarted();
  }

  @Test
  void a_repair_that_is_cancelled_cancels_its_requests() {
    // Given
    submit(10);
    faults().next(new Fault.RowStatus(500, RowSelection.rows(4)));
    faults().next(2, refused(429), Operation.CREATE);
    runUntil(() -> partitions().size() == 2);

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(billed().size(), 0, 10 - billed().size());
  }

  @Test
  void what_was_cancelled_is_answered_when_it_is_retried() {
    // Given
    submit(40);
    tick();
    clock.advance(Duration.ofSeconds(55));
    say("cancel");
    run();
    assertThat(state()).isEqualTo("cancelled");

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(40);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_task_that_was_cancelled_before_it_ran_is_answered_when_it_is_retried() {
    // Given
    submit(5);
    say("cancel");
    tick();
    assertThat(state()).isEqualTo("cancelled");

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void partitions_that_were_cancelled_as_a_whole_are_answered_when_they_are_retried() {
    // Given
    submit(6, "batch_size=3", "auto=false");
    say("upload");
    tick();
    say("cancel");
    tick();
    everyRequestHasOneResult(0, 0, 6);

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_deleted_task_leaves_nothing_with_the_provider() {
    // Given
    submit(10);
    faults().next(new Fault.RowStatus(500, RowSelection.rows(4)));
    run();
    var batches = started();

    // When
    given().delete("/v1/tasks/" + task).then().statusCode(204);

    // Then
    given().get("/v1/tasks/" + task).then().statusCode(404);
    assertThat(deleted()).containsAll(batches.stream().map(Ledger.Started::inputFileId).toList());
    assertThat(deleted())
        .containsAll(
            batches.stream().map(b -> b.batch().replace("batch_", "file-") + "o").toList());
    assertThat(sql("SELECT 1 FROM blob WHERE state = 'LIVE'")).isEmpty();
  }

  @Test
  void a_task_that_runs_cannot_be_deleted() {
    // Given
    submit(5);
    tick();

    // When
    int status = given().delete("/v1/tasks/" + task).statusCode();

    // Then
    assertThat(status).isEqualTo(409);
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  private List<String> deleted() {
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("file_deleted"))
        .map(entry -> entry.detail().path("file").asText())
        .toList();
  }
}
