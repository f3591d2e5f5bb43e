package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import dev.arcticsynth.provider.simulator.store.Ledger;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Batches that another client has created are taken over and never paid for again.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowAdoptionTest extends Flow {

  private OtherClient other;
  private int batchesBefore;

  @BeforeEach
  void beside() {
    other = new OtherClient(simulators.simulator().url());
    batchesBefore = ledger().started().size();
  }

  @Test
  void batches_of_another_client_are_partitions_of_the_task_and_paid_once() {
    // Given: its files are of unequal size, and in no order
    String second = other.upload(wire(3, 7));
    String first = other.upload(wire(0, 3));
    List<String> batches = List.of(other.create(second), other.create(first));
    submit(10, "auto=false", "batch_size=4");

    // When
    adopt(batches, List.of(second, first)).statusCode(200);

    // Then
    assertThat(partitions())
        .extracting(p -> p.path("state").asText())
        .containsExactly("submitted", "submitted", "ready");
    assertThat(partitions())
        .extracting(p -> p.path("remote_batch_id").asText(null))
        .containsExactly(batches.get(1), batches.get(0), null);
    // And when
    say("submit");
    run();
    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(10, 0, 0);
    assertThat(answersOf("r-1")).contains("question 1");
    assertThat(newBatches()).hasSize(3);
    assertThat(billedTimes()).isEqualTo(10);
  }

  @Test
  void asked_again_an_adoption_changes_nothing() {
    // Given
    String file = other.upload(wire(0, 4));
    String batch = other.create(file);
    submit(4, "auto=false");
    adopt(List.of(batch), List.of(file)).statusCode(200);

    // When
    adopt(List.of(batch), List.of(file)).statusCode(200);
    say("upload");
    say("submit");
    run();

    // Then
    everyRequestHasOneResult(4, 0, 0);
    assertThat(newBatches()).containsExactly(batch);
    assertThat(events()).containsOnlyOnce("task.adopted", "partition.adopted");
  }

  @Test
  void a_batch_whose_id_was_never_written_down_is_found_by_its_file() {
    // Given
    List<String> files = List.of(other.upload(wire(0, 2)), other.upload(wire(2, 4)));
    String batch = other.create(files.get(1));
    submit(4, "auto=false");

    // When
    adopt(List.of(), files).statusCode(200);
    say("submit");
    run();

    // Then
    everyRequestHasOneResult(4, 0, 0);
    assertThat(newBatches()).hasSize(2).contains(batch);
    assertThat(billedTimes()).isEqualTo(4);
  }

  @Test
  void files_without_a_batch_are_no_reason_to_take_anything_over() {
    // Given
    String file = other.upload(wire(0, 4));
    submit(4, "auto=false");

    // When
    adopt(List.of(), List.of(file)).statusCode(200);

    // Then
    assertThat(state()).isEqualTo("open");
  }

  @Test
  void what_a_batch_of_another_client_left_open_is_asked_again_under_our_names() {
    // Given
    faults().next(new Fault.Expire(0.5));
    String file = other.upload(wire(0, 8));
    String batch = other.create(file);
    submit(8, "auto=false");
    adopt(List.of(batch), List.of(file)).statusCode(200);

    // When
    say("submit");
    run();

    // Then
    everyRequestHasOneResult(8, 0, 0);
    assertThat(newBatches()).hasSize(2).contains(batch);
    assertThat(billedTimes()).isEqualTo(8);
  }

  @Test
  void a_batch_of_another_client_that_was_refused_costs_nothing_and_is_left() {
    // Given
    faults().next(new Fault.PoisonRow("question 1", "bad_request"));
    String file = other.upload(wire(0, 3));
    String batch = other.create(file);
    clock.advance(java.time.Duration.ofMinutes(5));
    assertThat(other.batch(batch).path("status").asText()).isEqualTo("failed");
    faults().clear();
    submit(3, "auto=false");

    // When
    adopt(List.of(batch), List.of(file)).statusCode(200).body(containsString("has no answers"));
    say("submit");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(3);
  }

  @Test
  void batches_of_other_requests_are_refused_and_nothing_is_changed() {
    // Given
    String otherId = other.upload(wire(0, 3).replace("r-2", "elsewhere"));
    String otherBody = other.upload(wire(0, 3).replace("question 2", "question two"));
    String gap = other.upload(wire(0, 1) + wire(2, 3));
    String gone = other.upload(wire(0, 3));
    submit(3, "auto=false");

    // When
    Map<String, String> reasons =
        Map.of(
            otherId, "does not have",
            otherBody, "another request 'r-2'",
            gap, "leaves out requests");
    reasons.forEach((file, reason) ->
        adopt(List.of(other.create(file)), List.of())
            .statusCode(409)
            .body(containsString("adoption-refused"))
            .body(containsString(reason)));
    String batch = other.create(gone);
    other.delete(gone);
    adopt(List.of(batch), List.of()).statusCode(409).body(containsString("not there any more"));
    adopt(List.of("batch_unknown"), List.of()).statusCode(409).body(containsString("has no batch"));

    // Then
    assertThat(state()).isEqualTo("open");
    assertThat(partitions()).isEmpty();
  }

  @Test
  void a_batch_belongs_to_one_task() {
    // Given
    String file = other.upload(wire(0, 2));
    String batch = other.create(file);
    submit(2, "auto=false");
    adopt(List.of(batch), List.of()).statusCode(200);
    String first = task;
    task = first + "-again";
    submit(2, "auto=false");

    // When
    adopt(List.of(batch), List.of())
        .statusCode(409)
        .body(containsString("belongs to task '" + first + "'"));

    // Then
    assertThat(state()).isEqualTo("open");
  }

  @Test
  void two_batches_of_the_same_file_are_one_partition() {
    // Given: paid twice already, by that client
    String file = other.upload(wire(0, 2));
    List<String> batches = List.of(other.create(file), other.create(file));
    submit(2, "auto=false");

    // When
    adopt(batches, List.of(file)).statusCode(200).body(containsString("from the same file"));
    say("submit");
    run();

    // Then
    everyRequestHasOneResult(2, 0, 0);
    assertThat(newBatches()).hasSize(2);
  }

  @Test
  void our_files_that_another_client_has_submitted_are_paid_once() {
    // Given
    submit(6, "auto=false", "batch_size=2");
    say("upload");
    tick();
    List<String> files = partitions().stream().map(p -> p.path("remote_file_id").asText()).toList();
    String written = other.create(files.get(0));
    String lost = other.create(files.get(2));

    // When
    adopt(List.of(written), files).statusCode(200);
    adopt(List.of(written), files).statusCode(200);
    say("submit");
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(6, 0, 0);
    assertThat(newBatches()).hasSize(3).contains(written, lost);
    assertThat(billedTimes()).isEqualTo(6);
  }

  @Test
  void a_list_that_fails_holds_up_no_task_of_ours() {
    // Given
    submit(2, "auto=false");
    say("upload");
    tick();
    faults().next(10, refused(404), Operation.LIST_BATCHES);

    // When
    adopt(List.of(), List.of()).statusCode(200);
    faults().clear();
    say("submit");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(2);
  }

  @Test
  void a_task_that_was_uploaded_by_both_is_paid_once() {
    // Given
    submit(4, "auto=false", "batch_size=2");
    say("upload");
    tick();
    List<String> files = List.of(other.upload(wire(0, 2)), other.upload(wire(2, 4)));
    List<String> batches = files.stream().map(other::create).toList();

    // When
    adopt(batches, files).statusCode(200);
    say("submit");
    run();

    // Then
    everyRequestHasOneResult(4, 0, 0);
    assertThat(newBatches()).containsExactlyElementsOf(batches);
    assertThat(billedTimes()).isEqualTo(4);
  }

  @Test
  void a_batch_that_fits_no_partition_is_not_taken_into_a_task_that_was_uploaded() {
    // Given
    submit(3, "auto=false");
    say("upload");
    tick();
    String batch = other.create(other.upload(wire(0, 2)));

    // When
    adopt(List.of(batch), List.of()).statusCode(409).body(containsString("cut in another way"));

    // Then
    assertThat(waitsFor()).isEqualTo("caller");
  }

  @Test
  void files_of_another_client_are_not_deleted_with_the_task() {
    // Given
    String file = other.upload(wire(0, 2));
    String batch = other.create(file);
    submit(2, "auto=false");
    adopt(List.of(batch), List.of()).statusCode(200);
    say("submit");
    run();

    // When
    given().delete("/v1/tasks/" + task).then().statusCode(204);

    // Then
    assertThat(deleted()).doesNotContain(file, other.batch(batch).path("output_file_id").asText());
  }

  @Test
  void files_that_were_fetched_by_other_means_become_results_with_the_callers_ids() {
    // Given: in no order, without a line end, with lines of others
    faults().always(new Fault.RowStatus(400, RowSelection.rows(1)));
    submit(6, "batch_size=3");
    run();
    faults().clear();
    String fetched =
        newBatches().reversed().stream()
            .map(other::batch)
            .flatMap(batch ->
                Stream.of("output_file_id", "error_file_id")
                    .map(file -> batch.path(file).asText(""))
                    .filter(file -> !file.isEmpty() && !file.equals("null")))
            .map(other::content)
            .collect(Collectors.joining());
    String strange =
        "{\"custom_id\":\"r-0\",\"response\":{\"status_code\":200,\"body\":{}}}\n{\"half";

    // When
    var translated = answers(fetched + strange);

    // Then
    String lines =
        translated
            .statusCode(200)
            .header("X-Arctic-Left-Out", containsString("unknown=1 broken=1"))
            .extract()
            .asString();
    assertThat(lines.lines().map(Flow::json).map(FlowAdoptionTest::answer))
        .containsExactlyElementsOf(results().stream().map(FlowAdoptionTest::answer).toList());
    answers(strange).statusCode(422).body(containsString("no-answers"));
    answers("").statusCode(422);
  }

  /// Our results have no id of the provider's where a request failed.
  private static String answer(JsonNode line) {
    return "%s %s %s".formatted(line.path("custom_id"), line.path("response"), line.path("error"));
  }

  private ValidatableResponse answers(String file) {
    return given()
        .contentType("application/x-ndjson")
        .body(file.getBytes(UTF_8))
        .post("/v1/tasks/" + task + "/answers")
        .then();
  }

  private ValidatableResponse adopt(List<String> batches, List<String> files) {
    return given()
        .contentType("application/json")
        .body(Map.of("batch_ids", batches, "file_ids", files))
        .post("/v1/tasks/" + task + "/adopt")
        .then();
  }

  /// As that client writes requests `r-<from>` to `r-<to - 1>`.
  private static String wire(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n ->
            line(n, "gpt-test")
                .replace(
                    ",\"body\"", ",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\""))
        .collect(Collectors.joining());
  }

  private String answersOf(String id) {
    return results().stream()
        .filter(line -> line.path("custom_id").asText().equals(id))
        .map(Object::toString)
        .collect(Collectors.joining());
  }

  private List<String> newBatches() {
    return ledger().started().stream().skip(batchesBefore).map(Ledger.Started::batch).toList();
  }

  private long billedTimes() {
    List<String> batches = newBatches();
    return ledger().billed().entrySet().stream()
        .filter(batch -> batches.contains(batch.getKey()))
        .flatMap(batch -> Stream.of(batch.getValue()))
        .mapToLong(List::size)
        .sum();
  }

  private List<String> deleted() {
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("file_deleted"))
        .map(entry -> entry.detail().path("file").asText())
        .toList();
  }
}
