package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Batches that look other than they are.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowStatusFaultsTest extends Flow {

  static Stream<Fault> looks() {
    return Stream.of(
        new Fault.StuckIn("validating"),
        new Fault.StuckIn("in_progress"),
        new Fault.StuckIn("finalizing"),
        new Fault.UnknownStatus("pondering"),
        refused(500),
        refused(404),
        new Fault.Refused(429, "300", false),
        new Fault.Refused(502, null, true),
        new Fault.Junk("{}", false),
        new Fault.Junk("<html>", false));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void a_batch_is_asked_about_until_it_says_that_it_is_over(Fault fault) {
    // Given
    submit(4);
    faults().next(4, fault, Operation.RETRIEVE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  static Stream<Fault> blindness() {
    return Stream.of(
        refused(500),
        refused(400),
        new Fault.Vanished(),
        new Fault.CompletedWithoutOutputFile(),
        new Fault.Junk("{}", false));
  }

  @ParameterizedTest
  @MethodSource("blindness")
  void a_batch_that_cannot_be_asked_about_is_looked_for_in_the_list(Fault fault) {
    // Given
    submit(4);
    faults().always(fault, Operation.RETRIEVE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_goes_back_to_an_earlier_status_is_waited_for() {
    // Given
    submit(4);
    faults().next(3, new Fault.Regress());

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void polls_become_rare_while_nothing_changes() {
    // Given
    submit(4);
    faults().next(30, new Fault.StuckIn("in_progress"));
    Instant begun = clock.instant();

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    assertThat(Duration.between(begun, clock.instant())).isGreaterThan(Duration.ofMinutes(45));
  }

  @Test
  void wrong_counts_cost_nothing_but_time() {
    // Given
    submit(10);
    faults().always(new Fault.WrongCounts());

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_shows_no_output_for_a_moment_is_not_paid_for_twice() {
    // Given
    submit(10);
    nothingIsListed();
    faults().next(2, new Fault.CompletedWithoutOutputFile());

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_never_shows_its_output_is_paid_for_again_only_when_a_person_wants_it() {
    // Given
    submit(4);
    faults().add(new FaultRule(new Fault.CompletedWithoutOutputFile(), null, 0, 0, firstBatch()));
    nothingIsListed();
    run();
    assertThat(state()).isEqualTo("failed");
    everyRequestHasOneResult(0, 4, 0);
    assertThat(errors()).containsOnly("output_unreadable");
    oneBatchWasStarted();

    // When
    say("retry");
    run();

    // Then: what was paid for cannot be had, and only once more is paid
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(4, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_batch_that_shows_its_output_late_is_read_on_a_retry() {
    // Given
    submit(4);
    faults().add(new FaultRule(new Fault.CompletedWithoutOutputFile(), null, 0, 0, firstBatch()));
    nothingIsListed();
    run();
    faults().clear();

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_status_that_is_not_known_is_named_and_its_file_is_read_when_it_stays() {
    // Given
    submit(4);
    faults().always(new Fault.UnknownStatus("complete"), Operation.RETRIEVE);
    runUntil(() -> waitsFor().equals("provider"));
    assertThat(view().path("waiting_for").path("detail").asText())
        .contains("'complete'", "not known");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_is_unknown_for_a_moment_is_waited_for() {
    // Given
    submit(4);
    faults().next(3, new Fault.Vanished());

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_is_unknown_for_a_moment_after_a_long_silence_is_waited_for() {
    // Given
    submit(4);
    faults().next(30, new Fault.StuckIn("in_progress"));
    runUntil(() -> faults().rules().isEmpty());
    nothingIsListed();
    faults().next(2, new Fault.Vanished());

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_that_is_gone_for_good_is_sent_once_more() {
    // Given
    submit(4);
    faults().add(new FaultRule(new Fault.Vanished(), null, 0, 0, firstBatch()));
    nothingIsListed();

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(4, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(started()).hasSize(2);
  }

  @Test
  void what_an_expired_batch_answered_is_kept_and_only_the_rest_is_sent_again() {
    // Given
    submit(20);
    faults().next(new Fault.Expire(0.5));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(started()).hasSize(2);
    assertThat(partitions()).extracting(p -> p.path("requests").asInt()).containsExactly(20, 10);
  }

  @Test
  void a_batch_that_expires_without_an_answer_is_sent_again() {
    // Given
    submit(5);
    faults().next(new Fault.Expire(0));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    assertThat(started()).hasSize(2);
  }

  private void nothingIsListed() {
    faults().always(new Fault.ListLag(Duration.ofDays(30)), Operation.LIST_BATCHES);
  }

  /// The batch's id, once it has been created.
  private String firstBatch() {
    tick();
    return started().getFirst().batch();
  }
}
