package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that come as no answer should: in fragments, decorated, compressed, of other batches.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowHostileAnswersTest extends Flow {

  /// All attempts of a read.
  private static final int LIST_TRIES = 4;

  static Stream<Fault> unusable() {
    return Stream.of(
        new Fault.WrongLength(1.5),
        new Fault.WrongLength(0.6),
        new Fault.CutMidCharacter(),
        new Fault.Endless(),
        new Fault.Trickle(1, Duration.ofMillis(100)),
        new Fault.GzipBomb());
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void a_transfer_that_cannot_be_used_is_repeated_from_the_same_batch(Fault fault) {
    // Given
    submitLines(accented(20));
    faults().next(fault);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    oneBatchWasStarted();
    assertThat(events()).contains("partition.download_failed");
  }

  static Stream<Fault> harmless() {
    return Stream.of(
        new Fault.Dressed(true, false),
        new Fault.Dressed(false, true),
        new Fault.Dressed(true, true),
        new Fault.Padded(200_000),
        new Fault.Trickle(2_500, Duration.ofMillis(200)),
        new Fault.TooLate(Duration.ofMillis(600)));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void a_transfer_that_is_only_odd_is_taken(Fault fault) {
    // Given
    submitLines(accented(20));
    faults().next(fault, Operation.CONTENT);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    oneBatchWasStarted();
    assertThat(events()).doesNotContain("partition.download_failed");
  }

  @Test
  void the_file_of_another_batch_is_not_taken_for_an_answer() {
    // Given
    submit(20, "batch_size=10");
    runUntil(() -> started().size() == 2);
    faults().add(new FaultRule(new Fault.WrongFile(outputOf(1)), null, 1, 0, outputOf(0)));
    faults().add(new FaultRule(new Fault.WrongFile(outputOf(0)), null, 1, 0, outputOf(1)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(started()).hasSize(2);
  }

  @Test
  void answers_that_are_swapped_between_batches_are_never_mixed_up_nor_paid_for_again() {
    // Given
    submit(20, "batch_size=10");
    runUntil(() -> started().size() == 2);
    faults().add(new FaultRule(new Fault.WrongFile(outputOf(1)), null, 0, 0, outputOf(0)));
    faults().add(new FaultRule(new Fault.WrongFile(outputOf(0)), null, 0, 0, outputOf(1)));
    run();
    assertThat(state()).isEqualTo("failed");
    everyRequestHasOneResult(0, 20, 0);
    assertThat(errors()).containsOnly("output_unreadable");
    faults().clear();

    // When
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    everyAnswerIsThatOfItsQuestion();
    assertThat(started()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00\\ud800", "\uFEFFé😀", "\\n\\\"\\\\"})
  void texts_that_other_systems_fail_on_come_through_unchanged(String words) {
    // Given
    submit(6);
    faults().next(new Fault.OddWords(words, 1, RowSelection.rows(2)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
    assertThat(
            results().stream().filter(line -> says(line).equals(json('"' + words + '"').asText())))
        .hasSize(2);
  }

  @Test
  void answers_of_a_megabyte_come_through() {
    // Given
    submit(6);
    faults().next(new Fault.OddWords("0123456789", 100_000, RowSelection.rows(3)));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
    assertThat(results().stream().filter(line -> says(line).length() == 1_000_000)).hasSize(3);
  }

  @Test
  void a_line_with_a_raw_nul_is_no_answer_and_asked_again() {
    // Given
    submit(6);
    faults().next(new Fault.OddWords("\u0000", 1, RowSelection.rows(2)));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(6, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_batch_that_names_only_its_error_file_for_a_moment_is_not_paid_for_twice() {
    // Given
    submit(10);
    faults().next(new Fault.RowStatus(400, RowSelection.rows(2)));
    faults().always(new Fault.ListLag(Duration.ofDays(30)), Operation.LIST_BATCHES);
    faults().next(2, new Fault.CompletedWithoutOutputFile());

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(8, 2, 0);
    nothingIsBilledMoreThan(1);
    oneBatchWasStarted();
  }

  // -------------------------------------------------------------------- creates and their lists

  @Test
  void a_reply_with_the_id_of_another_batch_does_not_mix_them_up() {
    // Given
    submit(10, "batch_size=5");
    tickOne();
    faults().next(new Fault.OtherId(started().getFirst().batch()));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(2);
    assertThat(events()).contains("partition.create_unknown");
  }

  @Test
  void a_batch_with_an_id_that_another_had_before_is_adopted_by_its_file() {
    // Given (a gateway that counts from 1 after a restart)
    submit(10, "batch_size=5");
    tickOne("3600");
    runUntilPartitionIs("downloaded");
    faults().next(new Fault.LostReply());
    faults().next(LIST_TRIES, refused(500), Operation.LIST_BATCHES);
    runUntilPartitionIs("reconciling");
    var _ =
        sql(
            "UPDATE attempt SET remote_batch_id = $1 WHERE state = 'DONE'",
            started().getLast().batch());

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_batch_with_an_id_that_another_has_waits_until_that_one_is_found_to_be_gone() {
    // Given (a gateway that has forgotten the first batch, and counts from 1 again)
    submit(10, "batch_size=5");
    tickOne();
    faults().next(new Fault.LostReply());
    faults().next(LIST_TRIES, refused(500), Operation.LIST_BATCHES);
    runUntilPartitionIs("reconciling");
    String second = started().getLast().batch();
    var _ =
        sql(
            "UPDATE partition SET remote_batch_id = $1 WHERE state IN ('SUBMITTED', 'ENDED')",
            second);
    var _ = sql("UPDATE attempt SET remote_batch_id = $1 WHERE state = 'CREATED'", second);

    // When
    run();

    // Then: the answers of the first are lost with it, and those of the second are not its own
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(10, 0, 0);
    everyAnswerIsThatOfItsQuestion();
    assertThat(started()).hasSize(3);
    assertThat(billed().values().stream().filter(times -> times == 1)).hasSize(5);
  }

  @Test
  void a_reply_with_an_unknown_id_costs_a_second_batch_at_most() {
    // Given
    submit(5);
    faults().next(new Fault.OtherId("batch_unknown"));

    // When
    run();

    // Then: the batch that was made runs and is paid for, under a name that we never hear
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(5, 0, 0);
    nothingIsBilledMoreThan(2);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_list_that_repeats_itself_and_runs_backwards_shows_the_batch_all_the_same() {
    // Given
    submit(5);
    faults().next(new Fault.LostReply());
    faults().next(new Fault.DuplicatePage(), Operation.LIST_BATCHES);
    faults().next(new Fault.ReorderedPage(), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_wait_of_thirty_years_is_capped() {
    // Given
    submit(4);
    faults().next(new Fault.Refused(429, "1000000000", false), Operation.CREATE);
    var begun = clock.instant();

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(Duration.between(begun, clock.instant()))
        .isBetween(Duration.ofHours(24), Duration.ofHours(25));
  }

  @Test
  void a_cancel_that_never_ends_is_waited_for() {
    // Given
    submit(10);
    tick();
    say("cancel");
    faults().next(10, new Fault.StuckIn("cancelling"));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    nothingIsBilledMoreThan(1);
    oneBatchWasStarted();
  }

  // ---------------------------------------------------------------------------------- small help

  /// One step: the flow has permits for more than one partition in a tick.
  private void tickOne() {
    tickOne("60");
  }

  private void tickOne(String othersAfter) {
    faults().next(new Fault.Refused(429, othersAfter, false), Operation.CREATE);
    tick();
    assertThat(started()).hasSize(1);
  }

  /// Where the simulator will put the answers.
  private String outputOf(int n) {
    return started().get(n).batch().replace("batch_", "file-") + "o";
  }

  private void everyAnswerIsThatOfItsQuestion() {
    assertThat(results())
        .allSatisfy(line ->
            assertThat(says(line))
                .contains("question " + line.path("custom_id").asText().substring(2)));
  }

  private static String says(com.fasterxml.jackson.databind.JsonNode line) {
    return line.at("/response/body/choices/0/message/content").asText();
  }

  private static String accented(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(n -> line(n, "gpt-test").replace("question", "éèêëü😀 question"))
        .reduce("", String::concat);
  }
}
