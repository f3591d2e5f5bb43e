package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import dev.arcticsynth.task.Deadlines;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tasks whose time is up, wherever they stand.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowDeadlineTest extends Flow {

  private static final Duration LEASE = Duration.ofSeconds(120);

  @Inject Claims claims;
  @Inject Deadlines deadlines;
  @Inject TaskRepository tasks;
  @Inject IsolatedContexts isolatedContexts;

  @Test
  void a_task_shows_its_deadline_and_is_due_no_later() {
    // Given
    Instant now = clock.instant();

    // When
    submit(5, "deadline=36h");
    tick();

    // Then
    assertThat(Instant.parse(view().path("deadline").asText()))
        .isEqualTo(now.plus(Duration.ofHours(36)));
    assertThat(view().has("stopped_by")).isFalse();
    assertThat(dueIn()).isEqualTo(Duration.ofHours(36));
  }

  @Test
  void an_open_task_ends_at_its_deadline() {
    // Given
    submit(5, "auto=false", "deadline=1h");
    clock.advance(Duration.ofMinutes(59));
    tick();
    assertThat(state()).isEqualTo("open");

    // When
    clock.advance(Duration.ofMinutes(1));
    tick();

    // Then
    everyRequestIsTooLate(5);
    nothingIsDue();
  }

  @Test
  void a_task_without_requests_ends_at_its_deadline() {
    // Given
    given()
        .contentType("application/json")
        .body("{\"name\":\"%s\",\"deadline\":\"PT1H\"}".formatted(task))
        .post("/v1/tasks")
        .then()
        .statusCode(201);

    // When
    clock.advance(Duration.ofHours(1));
    tick();

    // Then
    everyRequestIsTooLate(0);
  }

  @Test
  void a_task_that_no_worker_claimed_before_its_deadline_creates_nothing() {
    // Given
    submit(5, "deadline=1h");

    // When
    clock.advance(Duration.ofHours(2));
    tick();

    // Then
    everyRequestIsTooLate(5);
    assertThat(started()).isEmpty();
  }

  @Test
  void what_was_answered_before_the_deadline_is_kept() {
    // Given
    submit(40, "deadline=55s");

    // When
    run();

    // Then
    theDeadlineStoppedIt();
    assertThat(billed()).hasSizeBetween(10, 30);
    everyRequestHasOneResult(billed().size(), 0, 40 - billed().size());
    assertThat(errors()).containsOnly("deadline_exceeded");
    oneBatchWasStarted();
    nothingIsBilledMoreThan(1);
    assertThat(events()).containsSubsequence("task.deadline_exceeded", "task.cancelled");
  }

  @Test
  void a_task_that_is_over_in_time_is_not_touched_by_its_deadline() {
    // Given
    submit(5, "deadline=1h");
    run();

    // When
    clock.advance(Duration.ofHours(2));
    tick();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    nothingIsDue();
    assertThat(events()).doesNotContain("task.deadline_exceeded");
  }

  @Test
  void a_held_task_ends_at_its_deadline() {
    // Given
    submit(5, "auto=false", "deadline=1h");
    say("upload");
    tick();
    assertThat(waitsFor()).isEqualTo("caller");

    // When
    clock.advance(Duration.ofHours(1));
    tick();

    // Then
    everyRequestIsTooLate(5);
    assertThat(started()).isEmpty();
  }

  static Stream<Fault> waits() {
    return Stream.of(refused(401), refused(402), new Fault.Refused(429, "86400", false));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void what_waits_for_long_ends_at_its_deadline(Fault fault) {
    // Given
    submit(5, "deadline=200s");
    faults().next(fault, Operation.CREATE);
    tick();

    // When
    clock.advance(Duration.ofSeconds(200));
    tick();

    // Then
    everyRequestIsTooLate(5);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_create_in_doubt_is_found_out_and_its_batch_cancelled() {
    // Given
    submit(5, "deadline=30s");
    faults().next(new Fault.LostReply());
    faults().next(4, refused(500), Operation.LIST_BATCHES);
    tick();
    assertThat(partitionState()).isEqualTo("reconciling");

    // When
    clock.advance(Duration.ofSeconds(30));
    run();

    // Then
    theDeadlineStoppedIt();
    everyRequestHasOneResult(billed().size(), 0, 5 - billed().size());
    oneBatchWasStarted();
    assertThat(ledger().entries())
        .anySatisfy(entry -> {
          assertThat(entry.event()).isEqualTo("batch_cancelled");
          assertThat(entry.detail().path("batch").asText()).isEqualTo(started().getFirst().batch());
        });
  }

  @Test
  void an_upload_that_ends_after_the_deadline_becomes_no_batch() {
    // Given
    submit(5, "deadline=60s");
    faults().next(new Fault.TooLate(Duration.ofMillis(800)), Operation.UPLOAD);
    var slow = tickElsewhere();
    eventually(() -> faults().rules().isEmpty());

    // When
    clock.advance(Duration.ofSeconds(60));
    slow.join();
    run();

    // Then
    everyRequestIsTooLate(5);
    assertThat(started()).isEmpty();
  }

  @Test
  void answers_that_wait_to_be_fetched_at_the_deadline_are_fetched() {
    // Given
    submit(5, "deadline=10m");
    tick();
    clock.advance(Duration.ofMinutes(4));
    faults().next(new Fault.CutMidLine());
    tick();
    assertThat(partitionState()).isEqualTo("ended");

    // When
    clock.advance(Duration.ofMinutes(6));
    run();

    // Then
    theDeadlineStoppedIt();
    everyRequestHasOneResult(5, 0, 0);
    nothingIsBilledMoreThan(1);
  }

  // --------------------------------------------------------------------- another attempt, or not

  @Test
  void requests_that_wait_for_another_attempt_keep_their_error_where_there_is_no_time_for_it() {
    // Given
    submit(10, "deadline=11m");
    faults().next(new Fault.RowStatus(500, RowSelection.rows(4)));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(6, 4, 0);
    assertThat(errors()).doesNotContain("deadline_exceeded", "cancelled");
    oneBatchWasStarted();
    assertThat(events()).contains("task.repair_too_late");
  }

  @Test
  void another_attempt_does_not_wait_for_others_until_it_is_too_late() {
    // Given
    submit(10, "batch_size=5", "deadline=15m");
    faults().next(new Fault.Refused(429, "600", false), Operation.CREATE);
    faults().next(new Fault.RowStatus(500, RowSelection.rows(2)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(3);
  }

  @Test
  void a_repair_that_is_under_way_is_stopped_at_the_deadline() {
    // Given
    submit(10, "deadline=20m");
    faults().next(new Fault.RowStatus(500, RowSelection.rows(4)));
    runUntil(() -> waitsFor().equals("retry"));
    faults().next(new Fault.Refused(429, "86400", false), Operation.CREATE);
    runUntil(() -> waitsFor().equals("quota"));

    // When
    run();

    // Then
    theDeadlineStoppedIt();
    everyRequestHasOneResult(6, 0, 4);
    assertThat(errors()).containsOnly("deadline_exceeded");
    oneBatchWasStarted();
  }

  @Test
  void what_the_deadline_stopped_is_answered_when_it_is_retried_and_has_no_deadline_then() {
    // Given
    submit(40, "deadline=55s");
    run();
    theDeadlineStoppedIt();

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(40);
    assertThat(view().has("deadline")).isFalse();
    assertThat(view().has("stopped_by")).isFalse();
  }

  @Test
  void an_open_task_that_the_deadline_ended_is_answered_when_it_is_retried() {
    // Given
    submit(5, "auto=false", "deadline=1h");
    clock.advance(Duration.ofHours(1));
    tick();
    everyRequestIsTooLate(5);

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  // ------------------------------------------------------------------------------- races, deaths

  @Test
  void a_caller_who_cancelled_first_has_stopped_it() {
    // Given
    submit(5, "deadline=60s");
    tick();
    clock.advance(Duration.ofSeconds(59));
    say("cancel");

    // When
    clock.advance(Duration.ofSeconds(1));
    run();

    // Then
    assertThat(view().path("stopped_by").asText()).isEqualTo("caller");
    assertThat(errors()).allMatch("cancelled"::equals);
    everyRequestHasOneResult(billed().size(), 0, 5 - billed().size());
  }

  @Test
  void a_deadline_that_comes_with_the_last_answer_loses_none() {
    // Given
    submit(6, "batch_size=2", "deadline=10m");
    tick();

    // When
    clock.advance(Duration.ofMinutes(10));
    var other = tickElsewhere();
    tick();
    other.join();
    run();

    // Then
    assertThat(state()).isIn("completed", "cancelled");
    everyRequestHasOneResult(6, 0, 0);
    nothingIsBilledMoreThan(1);
    assertThat(started()).hasSize(3);
  }

  @Test
  void a_worker_that_dies_at_the_deadline_is_followed_by_another() {
    // Given
    submit(5, "auto=false", "deadline=1h");
    say("upload");
    tick();
    clock.advance(Duration.ofHours(1));
    Claim dying = claim();
    assertThat(dying.kind()).isEqualTo(Claim.Kind.TASK);

    // When
    tick();
    assertThat(state()).isEqualTo("running");
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    everyRequestIsTooLate(5);
  }

  @Test
  void a_worker_that_dies_right_after_it_stopped_the_task_is_followed_by_another() {
    // Given
    submit(5, "auto=false", "deadline=1h");
    say("upload");
    tick();
    clock.advance(Duration.ofHours(1));
    Claim dying = claim();
    var _ = await(() -> tasks.claimed(dying).chain(deadlines::heed));
    assertThat(state()).isEqualTo("cancelling");

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    everyRequestIsTooLate(5);
  }

  @Test
  void several_workers_at_the_deadline_stop_a_task_once() {
    // Given
    submit(12, "batch_size=2", "deadline=40s");
    tick();
    clock.advance(Duration.ofSeconds(40));

    // When
    var others = Stream.generate(this::tickElsewhere).limit(3).toList();
    others.forEach(other -> other.join());
    run();

    // Then
    theDeadlineStoppedIt();
    everyRequestHasOneResult(billed().size(), 0, 12 - billed().size());
    nothingIsBilledMoreThan(1);
    assertThat(events().stream().filter("task.deadline_exceeded"::equals)).hasSize(1);
    assertThat(events().stream().filter("task.cancelled"::equals)).hasSize(1);
  }

  @Test
  void a_hold_that_is_released_by_a_process_that_dies_is_released() {
    // Given
    submit(5, "auto=false");
    say("upload");
    tick();
    assertThat(waitsFor()).isEqualTo("caller");
    say("submit");
    Claim dying = claim();
    assertThat(dying.kind()).isEqualTo(Claim.Kind.TASK);

    // When
    tick();
    assertThat(waitsFor()).isEqualTo("caller");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  // -------------------------------------------------------------------------------- small help

  private void everyRequestIsTooLate(int requests) {
    theDeadlineStoppedIt();
    everyRequestHasOneResult(0, 0, requests);
    assertThat(errors()).allMatch("deadline_exceeded"::equals);
    assertThat(results("outcome=cancelled")).hasSize(requests);
    assertThat(billed()).isEmpty();
  }

  private void theDeadlineStoppedIt() {
    assertThat(state()).as("%s", events()).isEqualTo("cancelled");
    assertThat(view().path("stopped_by").asText()).isEqualTo("deadline");
  }

  private void nothingIsDue() {
    assertThat(
            sql(
                "SELECT 1 FROM task WHERE due_at IS NOT NULL UNION ALL SELECT 1 FROM partition WHERE due_at IS NOT NULL"))
        .isEmpty();
  }

  private Duration dueIn() {
    return Duration.between(
        clock.instant(),
        sql("SELECT due_at FROM task WHERE name = $1", task)
            .getFirst()
            .getOffsetDateTime(0)
            .toInstant());
  }

  private Claim claim() {
    return await(() -> claims.claimDue(clock.instant(), "dying", LEASE, List.of("simulator"), 4))
        .getFirst();
  }

  private <T> T await(Supplier<Uni<T>> work) {
    return isolatedContexts.run(work).await().atMost(Duration.ofSeconds(20));
  }
}
