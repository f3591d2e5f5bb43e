package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The flow when nothing goes wrong.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowTest extends Flow {

  @Test
  void a_task_is_answered_in_input_order() {
    // Given
    submit(20);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_size_cuts_a_task_into_several_batches() {
    // Given
    submit(10, "batch_size=3");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(partitions())
        .extracting(p -> p.path("requests").asInt())
        .containsExactly(3, 3, 3, 1);
    assertThat(started()).hasSize(4);
  }

  @Test
  void two_models_that_take_turns_give_results_in_input_order() {
    // Given
    var lines = new StringBuilder();
    for (int n = 0; n < 12; n++) {
      lines.append(line(n, n % 2 == 0 ? "gpt-even" : "gpt-odd"));
    }
    submitLines(lines.toString(), "batch_size=4");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(12);
    assertThat(partitions()).hasSize(4);
    assertThat(results())
        .extracting(line -> line.path("response").path("body").path("model").asText())
        .startsWith("gpt-even", "gpt-odd", "gpt-even", "gpt-odd");
  }

  @Test
  void requests_without_an_id_get_one_from_their_place() {
    // Given
    submitLines(
        """
        {"messages":[{"role":"user","content":"a"}]}
        {"messages":[{"role":"user","content":"b"}]}
        """,
        "model=gpt-test");

    // When
    run();

    // Then
    assertThat(results())
        .extracting(line -> line.path("custom_id").asText())
        .containsExactly(task + "_0", task + "_1");
  }

  @Test
  void ids_of_the_callers_come_back_as_they_were() {
    // Given
    submitLines(
        """
        {"custom_id":"\\u00e4 \\"quoted\\" \\ud83d\\ude00","body":{"model":"m","messages":[{"role":"user","content":"a"}]}}
        {"body":{"model":"m","messages":[{"role":"user","content":"b"}]}}
        """);

    // When
    run();

    // Then
    assertThat(results())
        .extracting(line -> line.path("custom_id").asText())
        .containsExactly("ä \"quoted\" 😀", task + "_1");
  }

  @Test
  void results_of_a_running_task_are_those_known_so_far() {
    // Given: the second batch takes longer
    submit(6, "batch_size=3");
    tick();
    faults()
        .add(
            new FaultRule(
                new Fault.StuckIn("in_progress"), null, 0, 0, started().getLast().batch()));
    runUntilPartitionIs("downloaded");

    // When
    var response = given().get("/v1/tasks/" + task + "/results");

    // Then
    assertThat(response.header("X-Arctic-Complete")).isEqualTo("false");
    assertThat(results()).hasSize(3).allMatch(Flow::isAnswer);
    assertThat(state()).isEqualTo("running");
    faults().clear();
    run();
    assertThat(given().get("/v1/tasks/" + task + "/results").header("X-Arctic-Complete"))
        .isEqualTo("true");
    everyRequestIsAnsweredAndBilledOnce(6);
  }

  @Test
  void embeddings_are_cut_by_their_inputs() {
    // Given: a batch takes four inputs
    submitLines(
        """
        {"custom_id":"r-0","body":{"model":"e","input":["a","b","c"]}}
        {"custom_id":"r-1","body":{"model":"e","input":["a","b"]}}
        {"custom_id":"r-2","body":{"model":"e","input":"a"}}
        {"custom_id":"r-3","body":{"model":"e","input":["a","b"]}}
        """,
        "endpoint=/v1/embeddings");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    assertThat(partitions()).extracting(p -> p.path("requests").asInt()).containsExactly(1, 2, 1);
  }

  @Test
  void a_refresh_asks_the_provider_now() {
    // Given
    submit(3);
    faults().always(new Fault.StuckIn("in_progress"));
    runUntil(() ->
        Instant.parse(partition().path("next_move_at").asText())
            .isAfter(clock.instant().plusSeconds(60)));
    faults().clear();
    tick();
    assertThat(state()).isEqualTo("running");

    // When
    say("refresh");
    tick();

    // Then
    everyRequestIsAnsweredAndBilledOnce(3);
  }

  @Test
  void usage_is_the_sum_of_the_answers() {
    // Given
    submit(5);

    // When
    run();

    // Then
    var usage = view().path("usage");
    assertThat(usage.path("input_tokens").asInt()).isPositive();
    assertThat(usage.path("total_tokens").asInt())
        .isEqualTo(
            results().stream()
                .mapToInt(line ->
                    line.path("response").path("body").path("usage").path("total_tokens").asInt())
                .sum());
  }

  @Test
  void tasks_side_by_side_do_not_mix() {
    // Given
    String first = task;
    submit(4);
    task = first + "-b";
    submit(7);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(7);
    task = first;
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
  }

  @Test
  void results_can_be_asked_for_by_partition() {
    // Given: two requests of one batch are answered by a third
    submit(6, "batch_size=3");
    tick();
    faults().next(new Fault.RowStatus(500, RowSelection.rows(2)));
    run();

    // When
    List<List<String>> ids =
        partitions().stream().map(p -> idsOf(p.path("ordinal").asInt())).toList();

    // Then
    assertThat(ids).hasSize(3).allMatch(some -> !some.isEmpty());
    assertThat(ids.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(
            results().stream().map(line -> line.path("custom_id").asText()).toList());
    assertThat(ids.get(2)).hasSize(2);
    assertThat(idsOf(99)).isEmpty();
    given().get("/v1/tasks/" + task + "/results?partition=-1").then().statusCode(422);
  }

  private List<String> idsOf(int partition) {
    return results("partition=" + partition).stream()
        .map(line -> line.path("custom_id").asText())
        .toList();
  }
}
