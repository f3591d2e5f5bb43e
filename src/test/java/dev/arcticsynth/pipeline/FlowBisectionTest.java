package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests for which a provider refuses the whole file without saying which they are.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowBisectionTest extends Flow {

  private static final Fault POISON = new Fault.PoisonRow("poisoned", "invalid_request");

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 63})
  void one_bad_request_among_many_is_found_and_the_others_are_answered(int bad) {
    // Given
    submitLines(lines(64, List.of(bad)), "max_attempts=1");
    faults().always(POISON);

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(63, 1, 0);
    JsonNode error = results().get(bad).path("error");
    assertThat(error.path("code").asText()).isEqualTo("invalid_request");
    assertThat(error.path("message").asText()).contains("cannot be processed");
    nothingIsBilledMoreThan(1);
    assertThat(billed()).hasSize(63);
    // Twice before it is believed, then two halves a level.
    assertThat(started()).hasSizeLessThanOrEqualTo(2 + 2 * 6);
  }

  @Test
  void two_bad_requests_are_both_found() {
    // Given
    submitLines(lines(64, List.of(5, 40)));
    faults().always(POISON);

    // When
    run();

    // Then
    everyRequestHasOneResult(62, 2, 0);
    assertThat(errors()).containsExactly("invalid_request", "invalid_request");
    assertThat(errorOf(results().get(5))).isEqualTo("invalid_request");
    assertThat(errorOf(results().get(40))).isEqualTo("invalid_request");
    nothingIsBilledMoreThan(1);
    assertThat(started()).hasSizeLessThanOrEqualTo(2 + 2 + 2 * 2 * 5);
  }

  @Test
  void a_file_of_bad_requests_only_is_given_up_after_a_bounded_number_of_batches() {
    // Given
    submitLines(lines(64, IntStream.range(0, 64).boxed().toList()));
    faults().always(POISON);

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    everyRequestHasOneResult(0, 64, 0);
    assertThat(errors()).containsOnly("invalid_request");
    assertThat(started()).hasSize(2 + 40);
    assertThat(results().toString()).contains("has used up its 40 batches");
    assertThat(billed()).isEmpty();
  }

  @Test
  void a_bad_request_is_found_among_those_that_are_asked_again() {
    // Given: all of them get their first answer from a broken server
    submitLines(lines(16, List.of(11)));
    faults().next(new Fault.RowStatus(500, RowSelection.share(1)));
    runUntil(() -> partitions().getFirst().path("state").asText().equals("downloaded"));
    faults().always(POISON);

    // When
    run();

    // Then
    everyRequestHasOneResult(15, 1, 0);
    assertThat(errorOf(results().get(11))).isEqualTo("invalid_request");
    nothingIsBilledMoreThan(1);
    assertThat(partitions().stream().filter(p -> p.path("kind").asText().equals("repair")).count())
        .isEqualTo(1 + 2 * 4);
    assertThat(sql("SELECT 1 FROM request_outcome WHERE state IN ('WAITING', 'RETRYING')"))
        .isEmpty();
  }

  @Test
  void the_middle_is_found_where_requests_of_several_models_alternate() {
    // Given: the first ten are of one model, then two take turns
    var all = new StringBuilder();
    for (int n = 0; n < 40; n++) {
      String model = n < 10 || n % 3 == 0 ? "gpt-a" : "gpt-b";
      String line = line(n, model);
      all.append(n == 21 ? line.replace("question", "poisoned") : line);
    }
    submitLines(all.toString());
    faults().always(POISON);

    // When
    run();

    // Then
    everyRequestHasOneResult(39, 1, 0);
    assertThat(errorOf(results().get(21))).isEqualTo("invalid_request");
    nothingIsBilledMoreThan(1);
  }

  @Test
  void a_task_that_is_cancelled_while_it_searches_accounts_for_every_request() {
    // Given
    submitLines(lines(32, List.of(7)));
    faults().always(POISON);
    runUntil(() -> partitions().size() >= 5 && view().path("partitions").has("submitted"));

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    var counts = view().path("counts");
    everyRequestHasOneResult(
        counts.path("succeeded").asInt(),
        counts.path("failed").asInt(),
        counts.path("cancelled").asInt());
    assertThat(counts.path("cancelled").asInt()).isPositive();
    assertThat(results()).hasSize(32);
    nothingIsBilledMoreThan(1);
  }

  @Test
  void a_request_that_was_found_bad_is_answered_by_a_retry_once_the_provider_accepts_it() {
    // Given
    submitLines(lines(8, List.of(2)));
    faults().always(POISON);
    run();
    everyRequestHasOneResult(7, 1, 0);

    // When
    faults().clear();
    say("retry");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(8);
  }

  @Test
  void a_task_shows_which_partitions_are_halves_of_which() {
    // Given
    submitLines(lines(4, List.of(3)));
    faults().always(POISON);

    // When
    run();

    // Then
    assertThat(partitions())
        .extracting(
            p -> p.path("ordinal").asInt(),
            p -> p.path("parent").asInt(-1),
            p -> p.path("state").asText(),
            p -> p.path("handed_over").asBoolean(),
            p -> p.path("requests").asInt())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0, -1, "failed", true, 4),
            org.assertj.core.groups.Tuple.tuple(1, 0, "downloaded", false, 2),
            org.assertj.core.groups.Tuple.tuple(2, 0, "failed", true, 2),
            org.assertj.core.groups.Tuple.tuple(3, 2, "downloaded", false, 1),
            org.assertj.core.groups.Tuple.tuple(4, 2, "failed", false, 1));
    assertThat(events()).contains("partition.bisected");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 1_000_000})
  void a_line_that_the_file_does_not_have_sends_nothing_round_in_circles(int line) {
    // Given
    submit(6, "max_attempts=1");
    faults().next(2, new Fault.FailedWithLine(line, "invalid_request"));

    // When
    run();

    // Then: no line was named, so the search went on
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(4);
  }

  @Test
  void lines_that_are_named_one_after_the_other_fail_one_after_the_other() {
    // Given
    submit(6);
    faults().next(new Fault.FailedWithLine(6, "invalid_request"));
    faults().next(new Fault.FailedWithLine(5, "invalid_request"));
    faults().next(new Fault.FailedWithLine(4, "invalid_request"));

    // When
    run();

    // Then: the last line of what was left, each time
    everyRequestHasOneResult(3, 3, 0);
    assertThat(results().subList(3, 6)).allMatch(r -> errorOf(r).equals("invalid_request"));
    nothingIsBilledMoreThan(1);
  }

  @Test
  void a_request_that_is_refused_by_itself_fails_with_the_providers_reason() {
    // Given
    submitLines(lines(1, List.of(0)));
    faults().always(POISON);

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    everyRequestHasOneResult(0, 1, 0);
    assertThat(started()).hasSize(2);
  }

  private static String lines(int requests, List<Integer> bad) {
    return IntStream.range(0, requests)
        .mapToObj(n -> {
          String line = line(n, "gpt-test");
          return bad.contains(n) ? line.replace("question", "poisoned") : line;
        })
        .reduce("", String::concat);
  }
}
