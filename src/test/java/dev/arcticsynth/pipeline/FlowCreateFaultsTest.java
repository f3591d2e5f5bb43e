package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Creates whose outcome is unknown: adopted if they worked, fenced and repeated if not.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowCreateFaultsTest extends Flow {

  static Stream<Fault> lostReplies() {
    return Stream.of(
        new Fault.LostReply(),
        new Fault.DoneBut(500),
        new Fault.DoneBut(502),
        new Fault.DoneButReset(),
        new Fault.Junk("<html>welcome</html>", true),
        new Fault.Junk("{\"object\":\"batch\"}", true));
  }

  @ParameterizedTest
  @MethodSource("lostReplies")
  void a_batch_whose_reply_was_lost_is_adopted(Fault fault) {
    // Given
    submit(6);
    faults().next(fault);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
    assertThat(events()).contains("partition.create_unknown").doesNotContain("partition.fenced");
  }

  static Stream<Fault> failedCreates() {
    return Stream.of(
        refused(500),
        refused(503),
        refused(408),
        new Fault.Refused(502, null, true),
        new Fault.Refused(400, null, true),
        new Fault.Junk("", false));
  }

  @ParameterizedTest
  @MethodSource("failedCreates")
  void a_create_that_may_have_worked_and_did_not_is_fenced_and_done_again(Fault fault) {
    // Given
    submit(6);
    faults().next(fault, Operation.CREATE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
    assertThat(events())
        .containsSubsequence(
            "partition.create_unknown",
            "partition.fenced",
            "partition.abandoned",
            "partition.upload_begun",
            "partition.submitted");
  }

  @Test
  void a_lost_create_at_a_server_without_lists_says_what_a_person_can_do() {
    // Given
    submit(4);
    faults().next(new Fault.LostReply(), Operation.CREATE);
    faults().always(refused(405), Operation.LIST_BATCHES);
    runUntil(() -> waitsFor().equals("operator"));
    assertThat(view().path("waiting_for").path("detail").asText())
        .contains(
            partition().path("remote_file_id").asText(),
            "HTTP 405",
            "cancel this task and retry it");

    // When: the person has cancelled the batch there
    say("cancel");
    run();
    assertThat(state()).isEqualTo("cancelled");
    say("retry");
    run();

    // Then
    everyRequestHasOneResult(4, 0, 0);
    assertThat(started()).hasSize(2);
  }

  @Test
  void an_upload_that_is_never_answered_with_anything_of_use_ends() {
    // Given
    submit(4);
    faults().next(5, new Fault.Junk("{\"status\":\"ok\"}", true), Operation.UPLOAD);

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    assertThat(view().path("failure").asText()).contains("no id", "5 uploads in a row");
    assertThat(started()).isEmpty();
  }

  @Test
  void nothing_is_created_again_before_the_settle_time_is_over() {
    // Given
    submit(3);
    faults().next(refused(500), Operation.CREATE);
    tick();
    assertThat(partitionState()).isEqualTo("reconciling");

    // When
    clock.advance(Duration.ofSeconds(119));
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("reconciling");
    assertThat(started()).isEmpty();

    // And when it is over
    clock.advance(Duration.ofSeconds(1));
    tick();
    assertThat(partitionState()).isEqualTo("submitted");
    oneBatchWasStarted();
  }

  @ParameterizedTest
  @ValueSource(longs = {30, 3_600})
  void a_create_that_lands_after_the_look_finds_no_file_any_more(long seconds) {
    // Given
    submit(5);
    faults().next(new Fault.Delayed(Duration.ofSeconds(seconds), true));

    // When
    run();
    clock.advance(Duration.ofHours(2));
    nothingElseIsStartedFor(Duration.ofMillis(200));

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_list_that_lags_does_not_hide_a_batch_for_longer_than_the_settle_time() {
    // Given
    submit(5);
    faults().next(new Fault.LostReply());
    faults().always(new Fault.ListLag(Duration.ofSeconds(60)));

    // When
    run();

    // Then: the fence came before the batch was validated, so it failed and cost nothing
    everyRequestIsAnsweredAndBilledOnce(5);
    assertThat(started()).hasSize(2);
    assertThat(ledger().billed().keySet()).contains(started().getLast().batch());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_list_that_fails_only_delays(int times) {
    // Given
    submit(5);
    faults().next(new Fault.LostReply());
    faults().next(times * 4, refused(500), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_fence_that_fails_is_put_up_again_before_anything_is_created() {
    // Given
    submit(5);
    faults().next(refused(500), Operation.CREATE);
    faults().next(3, refused(500), Operation.DELETE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
    assertThat(events())
        .containsSubsequence(
            "partition.create_unknown",
            "partition.deferred",
            "partition.fenced",
            "partition.submitted");
  }

  @Test
  void an_upload_whose_reply_was_lost_is_done_again_for_one_batch() {
    // Given
    submit(5);
    faults().next(new Fault.LostReply(), Operation.UPLOAD);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_upload_that_was_cut_short_silently_loses_nothing(boolean atLineEnd) {
    // Given
    submit(10);
    faults().next(new Fault.UploadTruncated(0.55, atLineEnd));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(2);
  }

  private void nothingElseIsStartedFor(Duration realTime) {
    int before = started().size();
    org.awaitility.Awaitility.await()
        .pollDelay(realTime)
        .untilAsserted(() -> assertThat(started()).hasSize(before));
  }
}
