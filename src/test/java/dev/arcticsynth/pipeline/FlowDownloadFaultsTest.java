package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that do not come through, or not all of them: fetched again, and only what is really
/// missing is asked again.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowDownloadFaultsTest extends Flow {

  static Stream<Fault> transfers() {
    return Stream.of(
        new Fault.DownloadTruncated(0, true),
        new Fault.DownloadTruncated(1_000, true),
        new Fault.DownloadTruncated(1_000, false),
        new Fault.CutMidLine(),
        new Fault.HtmlInstead(),
        new Fault.DownloadHang(),
        new Fault.LostReply(),
        refused(404),
        refused(500));
  }

  @ParameterizedTest
  @MethodSource("transfers")
  void a_transfer_that_fails_is_repeated_from_the_same_batch(Fault fault) {
    // Given
    submit(20);
    faults().next(2, fault, Operation.CONTENT);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    oneBatchWasStarted();
    assertThat(events()).contains("partition.download_failed");
  }

  @Test
  void what_never_comes_through_is_asked_again() {
    // Given
    submit(20);
    faults().next(3, new Fault.CutMidLine());

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(20, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(billed().values().stream().filter(times -> times == 1)).hasSizeBetween(5, 15);
    assertThat(started()).hasSize(2);
  }

  @Test
  void answers_that_are_gone_are_asked_again_when_a_person_wants_it() {
    // Given
    submit(5);
    faults().next(6, refused(404), Operation.CONTENT);
    run();
    assertThat(state()).isEqualTo("failed");
    assertThat(view().path("failure").asText()).contains("HTTP 404");
    oneBatchWasStarted();

    // When
    say("retry");
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(5, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(started()).hasSize(2);
  }

  static Stream<Arguments> outputs() {
    return Stream.of(
        Arguments.of(
            new Fault.Junk("[{\"custom_id\":\"1\"},\n{\"custom_id\":\"2\"}]", false),
            "(HTTP 200 application/json) is a JSON array"),
        Arguments.of(
            new Fault.Junk("{\"error\":{\"message\":\"no tenant\"}}", false),
            "an error: no tenant"),
        Arguments.of(
            new Fault.Junk("{\"custom_id\":1}\n{\"custom_id\":2}\n", false),
            "2 lines of which none has an id that was sent; the first one has \"1\""),
        Arguments.of(new Fault.HtmlInstead(), "no file came"),
        Arguments.of(
            new Fault.DownloadTruncated(0, true), "(HTTP 200 application/octet-stream) is empty"),
        Arguments.of(refused(404), "HTTP 404"),
        Arguments.of(refused(500), "HTTP 500"));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void answers_that_cannot_be_used_are_read_again_on_a_retry_and_not_paid_for_again(
      Fault fault, String what) {
    // Given
    submit(4);
    faults().always(fault, Operation.CONTENT);
    run();
    everyRequestHasOneResult(0, 4, 0);
    assertThat(state()).isEqualTo("failed");
    assertThat(view().path("failure").asText()).contains(what).contains("retry");
    assertThat(errors()).containsOnly("output_unreadable");
    assertThat(events()).contains("partition.unreadable");
    faults().clear();

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void answers_that_stay_of_no_use_are_never_paid_for_again() {
    // Given
    submit(4);
    faults().next(new Fault.UnknownCustomId(RowSelection.share(1)));
    run();

    // When
    say("retry");
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    everyRequestHasOneResult(0, 4, 0);
    nothingIsBilledMoreThan(1);
    oneBatchWasStarted();
  }

  @Test
  void answers_of_a_repair_that_cannot_be_used_are_read_again_on_a_retry() {
    // Given
    submit(6);
    faults().next(new Fault.RowStatus(500, RowSelection.rows(2)));
    runUntil(() -> started().size() == 2);
    faults().always(new Fault.Junk("[]", false), Operation.CONTENT);
    run();
    everyRequestHasOneResult(4, 2, 0);
    assertThat(errors()).containsOnly("output_unreadable");
    faults().clear();

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(2);
  }

  @Test
  void answers_that_cannot_be_used_are_kept_at_the_provider() {
    // Given
    submit(4);
    faults().always(new Fault.Junk("[]", false), Operation.CONTENT);
    run();
    faults().clear();

    // When
    clock.advance(Duration.ofDays(3));
    var _ =
        sql("UPDATE provider_account SET due_at = $1", clock.instant().atOffset(ZoneOffset.UTC));
    tick();
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_whole_file_that_comes_twice_alike_is_believed() {
    // Given
    submit(20, "max_attempts=1");
    faults().next(new Fault.MissingRows(RowSelection.rows(3)));

    // When
    run();

    // Then
    everyRequestHasOneResult(17, 3, 0);
    assertThat(events().stream().filter("partition.download_failed"::equals)).hasSize(1);
    assertThat(results("outcome=failed"))
        .allSatisfy(line ->
            assertThat(line.path("error").path("message").asText())
                .contains("The provider counts 20 answers, the files hold 17"));
  }

  @Test
  void a_file_of_refusals_that_fails_does_not_have_the_answers_fetched_again() {
    // Given
    submit(20);
    faults().next(new Fault.RowStatus(400, RowSelection.rows(2)));
    runUntil(() -> started().size() == 1);
    String answers = started().getFirst().batch().replace("batch_", "file-");
    int fetched = faults().struck().getOrDefault("Trickle", 0);
    var unhurried = new Fault.Trickle(1_000_000, Duration.ofMillis(1));
    faults().add(new FaultRule(unhurried, null, 0, 0, answers + "o"));
    faults().add(new FaultRule(refused(500), Set.of(Operation.CONTENT), 2, 0, answers + "e"));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(18, 2, 0);
    assertThat(faults().struck().getOrDefault("Trickle", 0) - fetched).isEqualTo(1);
    oneBatchWasStarted();
  }

  @Test
  void answers_without_a_line_are_asked_again_and_the_others_are_not() {
    // Given
    submit(20);
    faults().next(new Fault.MissingRows(RowSelection.rows(3)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(started()).hasSize(2);
  }

  @Test
  void answers_that_stand_twice_count_once() {
    // Given
    submit(20);
    faults().next(new Fault.DuplicateRows(RowSelection.rows(5)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    oneBatchWasStarted();
  }

  static Stream<Fault> unusable() {
    return Stream.of(
        new Fault.UnknownCustomId(RowSelection.rows(3)),
        new Fault.NonJsonLine(RowSelection.rows(3)));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void unusable_lines_are_left_out_and_their_requests_asked_again(Fault fault) {
    // Given
    submit(20);
    faults().next(fault);

    // When
    run();

    // Then: the provider was paid for them, so three are paid twice
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(20, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(billed().values().stream().filter(times -> times == 2)).hasSize(3);
    assertThat(started()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 408, 0})
  void requests_that_failed_for_a_passing_reason_are_asked_again(int status) {
    // Given
    submit(20);
    faults().next(new Fault.RowStatus(status, RowSelection.rows(4)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(started()).hasSize(2);
    assertThat(partitions())
        .extracting(p -> p.path("kind").asText())
        .containsExactly("base", "repair");
  }

  @Test
  void what_fails_again_is_repaired_again() {
    // Given
    submit(20);
    faults().next(2, new Fault.RowStatus(500, RowSelection.share(0.5)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(partitions()).extracting(p -> p.path("requests").asInt()).containsExactly(20, 10, 5);
  }

  @Test
  void requests_of_several_partitions_are_repaired_together() {
    // Given
    submit(20, "batch_size=10");
    faults().next(2, new Fault.RowStatus(500, RowSelection.rows(2)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(partitions()).extracting(p -> p.path("requests").asInt()).containsExactly(10, 10, 4);
  }

  @Test
  void a_success_without_an_answer_is_asked_once_more_and_has_failed_then() {
    // Given
    submit(10, "max_attempts=5");
    faults().next(2, new Fault.RowStatus(200, RowSelection.rows(3)));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(7, 3, 0);
    assertThat(started()).hasSize(2);
    assertThat(results("view=messages", "outcome=failed"))
        .hasSize(3)
        .allSatisfy(line ->
            assertThat(line.path("error").path("message").asText())
                .contains("The simulator was asked to refuse this row."));
  }

  @Test
  void a_refused_request_is_not_asked_again() {
    // Given
    submit(20);
    faults().next(new Fault.RowStatus(400, RowSelection.rows(4)));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(16, 4, 0);
    assertThat(results("outcome=failed"))
        .hasSize(4)
        .allSatisfy(
            line -> assertThat(line.path("response").path("status_code").asInt()).isEqualTo(400));
    nothingIsBilledMoreThan(1);
    oneBatchWasStarted();
  }

  @Test
  void a_task_of_which_every_request_failed_is_completed() {
    // Given
    submit(5);
    faults().next(new Fault.RowStatus(400, RowSelection.share(1)));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(0, 5, 0);
    oneBatchWasStarted();
  }

  @Test
  void requests_are_given_up_after_as_many_attempts_as_the_caller_allows() {
    // Given
    submit(10, "max_attempts=2");
    faults().next(2, new Fault.RowStatus(500, RowSelection.rows(3)));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(7, 3, 0);
    assertThat(errors()).containsOnly("retries_exhausted");
    assertThat(started()).hasSize(2);
    nothingIsBilledMoreThan(1);
  }

  @Test
  void requests_that_were_given_up_are_asked_again_on_a_retry() {
    // Given
    submit(10, "max_attempts=1");
    faults().next(new Fault.RowStatus(500, RowSelection.rows(3)));
    run();
    everyRequestHasOneResult(7, 3, 0);

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(2);
  }

  @Test
  void everything_at_once_still_gives_every_request_one_result() {
    // Given
    submit(60, "batch_size=20");
    List.of(
            new Fault.MissingRows(RowSelection.rows(2)),
            new Fault.DuplicateRows(RowSelection.rows(2)),
            new Fault.UnknownCustomId(RowSelection.rows(2)),
            new Fault.RowStatus(429, RowSelection.rows(2)),
            new Fault.NonJsonLine(RowSelection.rows(2)))
        .forEach(fault -> faults().next(2, fault));
    faults().next(new Fault.Expire(0.7));
    faults().next(2, new Fault.DownloadTruncated(700, true));
    faults().next(new Fault.LostReply());
    faults().next(refused(503), Operation.UPLOAD);

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(60, 0, 0);
    nothingIsBilledMoreThan(3);
  }
}
