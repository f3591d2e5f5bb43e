package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The provider's storage, as callers see it and have it cleaned. Files of other tests lie there
/// too, so each test asks about its own.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowFilesTest extends FlowAccount {

  private static final String FILES = "/v1/providers/simulator/files";
  private static final int DELETED_AT_ONCE = 50;

  // ------------------------------------------------------------------------------------ looking

  @Test
  void what_was_sent_and_what_was_answered_are_files_of_the_task() {
    // Given
    submit(5);
    run();
    String answers = answers();

    // When
    var listed = list("owner=ours");

    // Then
    assertThat(listed)
        .filteredOn(file -> file.path("task").asText().equals(task))
        .extracting(file -> file.path("id").asText())
        .containsExactlyInAnyOrder(sent(), answers);
    JsonNode sent = one(listed, sent());
    assertThat(sent.path("owner").asText()).isEqualTo("ours");
    assertThat(sent.path("in_use").asBoolean(true)).isFalse();
    assertThat(sent.path("purpose").asText()).isEqualTo("batch");
    assertThat(sent.path("bytes").asLong()).isEqualTo(partition().path("bytes").asLong());
    assertThat(sent.path("name").asText()).startsWith(deployment()).endsWith(".jsonl");
    assertThat(one(listed, answers).path("purpose").asText()).isEqualTo("batch_output");
  }

  @Test
  void files_of_others_are_shown_only_on_request() {
    // Given
    String theirs = fileOf("theirs");

    // When
    var ours = list("owner=ours");
    var unsaid = list();
    var all = list("owner=all");

    // Then
    assertThat(ids(ours)).doesNotContain(theirs);
    assertThat(ids(unsaid)).doesNotContain(theirs);
    assertThat(one(all, theirs).path("owner").asText()).isEqualTo("others");
  }

  @Test
  void files_of_another_deployment_are_others() {
    // Given
    String theirs = fileOf(unknownTag().toString().replace(deployment(), "0123456789ab"));

    // When
    var all = list("owner=all");

    // Then
    assertThat(one(all, theirs).path("owner").asText()).isEqualTo("others");
  }

  @Test
  void pages_show_every_file_once_whatever_their_size() {
    // Given
    var made = IntStream.range(0, 7).mapToObj(n -> fileOf(unknownTag())).toList();

    // When
    var listed = list("owner=ours", "limit=2");

    // Then
    assertThat(ids(listed)).containsAll(made).doesNotHaveDuplicates();
  }

  @Test
  void a_list_that_repeats_itself_and_runs_backwards_is_read_to_its_end() {
    // Given
    var made = IntStream.range(0, 5).mapToObj(n -> fileOf(unknownTag())).toList();
    faults().always(new Fault.DuplicatePage());
    faults().always(new Fault.ReorderedPage());

    // When
    var listed = list("owner=ours", "limit=2");

    // Then
    assertThat(ids(listed)).containsAll(made).doesNotHaveDuplicates();
  }

  @Test
  void the_age_of_a_file_is_that_by_the_providers_clock() {
    // Given
    String old = fileOf(unknownTag());
    clock.advance(Duration.ofDays(3).plusSeconds(1));
    String young = fileOf(unknownTag());

    // When
    var listed = list("older_than_days=3");

    // Then
    assertThat(ids(listed)).contains(old).doesNotContain(young);
    assertThat(ids(list("older_than_days=4"))).doesNotContain(old);
  }

  // ----------------------------------------------------------------------------------- deleting

  @Test
  void nothing_is_deleted_that_was_not_confirmed() {
    // Given
    String file = fileOf(unknownTag());
    aSecondLater();

    // When
    Response unsaid = given().delete(FILES + "?older_than_days=0");
    Response denied = given().delete(FILES + "?older_than_days=0&confirm=false");

    // Then
    for (Response answer : List.of(unsaid, denied)) {
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.asString()).contains("not_confirmed");
    }
    assertThat(isThere(file)).isTrue();
  }

  @Test
  void files_of_ours_are_deleted_with_those_of_their_answers() {
    // Given
    submit(5);
    run();
    String answers = answers();
    clock.advance(Duration.ofDays(2));
    String young = fileOf(unknownTag());
    String theirs = fileOf("theirs");

    // When
    var outcomes = deleteAll("older_than_days=1");

    // Then
    assertThat(of(outcomes, sent())).containsExactly("deleted");
    assertThat(of(outcomes, answers)).containsExactly("deleted");
    assertThat(of(outcomes, young)).isEmpty();
    assertThat(of(outcomes, theirs)).isEmpty();
    assertThat(ids(list("owner=all"))).contains(young, theirs).doesNotContain(sent(), answers);
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_file_that_a_batch_needs_stays_and_its_task_ends_well() {
    // Given
    submit(5);
    tick();
    aSecondLater();

    // When
    var outcomes = deleteAll("older_than_days=0", "owner=all");

    // Then
    assertThat(of(outcomes, sent())).isNotEmpty().containsOnly("in_use");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_file_that_waits_for_its_caller_stays() {
    // Given
    submit(5, "auto=false");
    say("upload");
    tick();
    String held = partition().path("remote_file_id").asText();
    aSecondLater();

    // When
    var outcomes = deleteAll("older_than_days=0", "ids=" + held);

    // Then
    assertThat(of(outcomes, held)).containsExactly("in_use");
    say("submit");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void answers_that_were_not_fetched_yet_stay() {
    // Given
    submit(5);
    tick();
    faults().next(refused(500), Operation.CONTENT);
    runUntil(() -> partitionState().equals("ended"));
    aSecondLater();

    // When
    var outcomes = deleteAll("older_than_days=0");

    // Then
    assertThat(of(outcomes, answers())).isNotEmpty().containsOnly("in_use");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void answers_of_a_batch_that_was_never_polled_stay() {
    // Given: it is over there, and runs here
    submit(5);
    tick();
    clock.advance(Duration.ofMinutes(2));

    // When
    var outcomes = deleteAll("older_than_days=0");

    // Then
    assertThat(of(outcomes, answersOf(started().getFirst().batch())))
        .isNotEmpty()
        .containsOnly("in_use");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_file_on_its_way_is_in_use_before_it_is_on_record() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(1_500)), Operation.UPLOAD);
    var slow = tickElsewhere();
    eventually(() -> partitions().size() == 1 && !mine().isEmpty());
    aSecondLater();

    // When
    var outcomes = deleteAll("older_than_days=0");

    // Then
    assertThat(of(outcomes, mine().getFirst())).isNotEmpty().containsOnly("in_use");
    slow.join();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void the_file_of_anothers_live_batch_stays_even_where_all_are_meant() {
    // Given
    String batch = batchOf("theirs");
    String file =
        ledger().started().stream()
            .filter(started -> started.batch().equals(batch))
            .findFirst()
            .orElseThrow()
            .inputFileId();
    aSecondLater();

    // When
    var live = deleteAll("older_than_days=0", "owner=all");
    clock.advance(Duration.ofMinutes(5));
    var over = deleteAll("older_than_days=0", "owner=all");

    // Then
    assertThat(of(live, file)).isNotEmpty().containsOnly("in_use");
    assertThat(of(over, file)).containsExactly("deleted");
  }

  @Test
  void only_the_files_that_were_named_are_deleted() {
    // Given
    String listed = fileOf(unknownTag());
    String theirs = fileOf("theirs");
    String training = trainingFile();
    aSecondLater();
    var shown = ids(list("older_than_days=0"));
    String meanwhile = fileOf(unknownTag());
    aSecondLater();

    // When
    var ours =
        deleteAll(
            "older_than_days=0",
            "ids=" + String.join(",", listed, theirs, training, "file-unknown"));
    var all = deleteAll("older_than_days=0", "owner=all", "ids=" + training);
    var tooYoung = deleteAll("older_than_days=1", "ids=" + meanwhile);

    // Then
    assertThat(shown).contains(listed).doesNotContain(meanwhile);
    assertThat(ours)
        .extracting(gone -> gone.path("id").asText(), gone -> gone.path("outcome").asText())
        .containsExactly(
            tuple(listed, "deleted"),
            tuple(theirs, "kept"),
            tuple(training, "kept"),
            tuple("file-unknown", "not_found"));
    assertThat(of(all, training)).containsExactly("kept");
    assertThat(of(tooYoung, meanwhile)).containsExactly("kept");
    assertThat(isThere(meanwhile)).isTrue();
    assertThat(isThere(theirs)).isTrue();
  }

  @Test
  void a_file_of_a_training_is_neither_shown_nor_deleted() {
    // Given
    String training = trainingFile();
    aSecondLater();

    // When
    var shown = list("owner=all");
    var outcomes = deleteAll("older_than_days=0", "owner=all");

    // Then
    assertThat(ids(shown)).doesNotContain(training);
    assertThat(of(outcomes, training)).isEmpty();
    assertThat(await(() -> provider().file(training))).isPresent();
  }

  @Test
  void all_pages_are_deleted_though_the_places_where_they_begin_are_deleted_too() {
    // Given
    var made = IntStream.range(0, 9).mapToObj(n -> fileOf(unknownTag())).toList();
    String stubborn = made.get(4);
    faults().add(new FaultRule(refused(500), Set.of(Operation.DELETE), 0, 0, stubborn));
    aSecondLater();

    // When
    var outcomes = deleteAll("older_than_days=0", "limit=2");

    // Then
    assertThat(made)
        .filteredOn(file -> !file.equals(stubborn))
        .allSatisfy(file -> assertThat(of(outcomes, file)).containsExactly("deleted"));
    assertThat(of(outcomes, stubborn)).isNotEmpty().containsOnly("failed");
    assertThat(isThere(stubborn)).isTrue();
  }

  @Test
  void a_provider_that_fails_halfway_is_left_alone_and_the_answer_says_what_was_done() {
    // Given
    var made = IntStream.range(0, 12).mapToObj(n -> fileOf(unknownTag())).toList();
    aSecondLater();
    for (String file : made.subList(2, 12)) {
      faults().add(new FaultRule(refused(500), Set.of(Operation.DELETE), 0, 0, file));
    }

    // When
    var outcomes = deleteAll("older_than_days=0", "ids=" + String.join(",", made));
    faults().clear();
    var again = deleteAll("older_than_days=0", "ids=" + String.join(",", made));

    // Then
    var words = outcomes.stream().map(gone -> gone.path("outcome").asText()).toList();
    assertThat(words.subList(0, 2)).containsOnly("deleted");
    assertThat(words.subList(2, 12)).containsOnly("failed", "not_tried").endsWith("not_tried");
    assertThat(outcomes.get(2).path("detail").asText()).contains("500");
    assertThat(again.stream().map(gone -> gone.path("outcome").asText()).toList())
        .startsWith("not_found", "not_found", "deleted")
        .containsOnly("not_found", "deleted");
    assertThat(made).noneMatch(this::isThere);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_delete_whose_reply_was_lost_is_said_to_have_failed_and_can_be_repeated(boolean named) {
    // Given
    String file = fileOf(unknownTag());
    aSecondLater();
    faults().add(new FaultRule(new Fault.LostReply(), Set.of(Operation.DELETE), 1, 0, file));
    String[] which =
        named
            ? new String[] {"older_than_days=0", "ids=" + file}
            : new String[] {"older_than_days=0"};

    // When
    var lost = deleteAll(which);
    var again = deleteAll(which);

    // Then
    assertThat(of(lost, file)).containsExactly("failed");
    assertThat(of(again, file)).isEqualTo(named ? List.of("not_found") : List.of());
    assertThat(isThere(file)).isFalse();
  }

  @Test
  void a_list_that_cannot_be_had_deletes_nothing() {
    // Given
    String file = fileOf(unknownTag());
    aSecondLater();
    faults().next(4, refused(500), Operation.LIST_FILES);

    // When
    Response answer = given().delete(FILES + "?older_than_days=0&confirm=true");

    // Then
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.asString()).contains("problems/provider");
    assertThat(isThere(file)).isTrue();
  }

  @Test
  void batches_that_cannot_be_listed_may_need_any_file() {
    // Given
    String file = fileOf(unknownTag());
    aSecondLater();
    faults().next(4, refused(500), Operation.LIST_BATCHES);

    // When
    Response answer = given().delete(FILES + "?older_than_days=0&confirm=true&ids=" + file);

    // Then
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(isThere(file)).isTrue();
  }

  @Test
  void nothing_is_deleted_while_a_fail_over_may_have_lost_what_needs_it() {
    // Given
    String file = fileOf(unknownTag());
    aSecondLater();
    var _ = sql("UPDATE provider_account SET timeline = 'FFFFFFFF'");

    // When
    Response answer = given().delete(FILES + "?older_than_days=0&confirm=true&ids=" + file);
    openTheAccount();

    // Then
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("60");
    assertThat(answer.asString()).contains("problems/account-not-ready");
    assertThat(isThere(file)).isTrue();
  }

  @Test
  void answers_of_a_task_that_is_gone_are_still_ours() {
    // Given
    submit(5);
    run();
    String answers = answers();
    String sent = sent();
    faults().next(2, refused(500), Operation.DELETE);
    given().delete("/v1/tasks/" + task).then().statusCode(204);

    // When
    var listed = list("owner=ours");
    aSecondLater();
    var outcomes = deleteAll("older_than_days=0");

    // Then
    assertThat(ids(listed)).contains(answers, sent);
    assertThat(one(listed, answers).has("task")).isFalse();
    assertThat(of(outcomes, answers)).containsExactly("deleted");
    assertThat(of(outcomes, sent)).containsExactly("deleted");
  }

  // ---------------------------------------------------------------------------------- bad calls

  @ParameterizedTest
  @CsvSource({
    "older_than_days=-1,out_of_range",
    "older_than_days=x,out_of_range",
    "older_than_days=1.5,out_of_range",
    "older_than_days=99999999999,out_of_range",
    "older_than_days=,empty_parameter",
    "older_than_days=0&owner=mine,unknown_owner",
    "older_than_days=0&owner=,empty_parameter",
    "older_than_days=0&older_than_days=9,duplicate_parameter",
    "older_then_days=0,unknown_parameter",
    "older_than_days=0&limit=0,out_of_range",
    "older_than_days=0&limit=x,wrong_type",
  })
  void a_bad_parameter_is_named_and_nothing_is_deleted(String query, String code) {
    // Given
    String file = fileOf(unknownTag());
    aSecondLater();

    // When
    Response shown = given().get(FILES + "?" + query);
    Response deleted = given().delete(FILES + "?confirm=true&" + query);

    // Then
    for (Response answer : List.of(shown, deleted)) {
      assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(422);
      assertThat(answer.contentType()).startsWith("application/problem+json");
      assertThat(answer.asString()).contains("\"" + code + "\"");
    }
    assertThat(isThere(file)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "confirm=true,missing_parameter",
    "older_than_days=0&confirm=yes,wrong_type",
    "older_than_days=0&confirm=,empty_parameter",
    "older_than_days=0&confirm=true&ids=,empty_parameter",
    "older_than_days=0&confirm=true&ids=a%2C%2Cb,invalid_ids",
    "older_than_days=0&confirm=true&ids=..,invalid_ids",
    "older_than_days=0&confirm=true&ids=a%20b,invalid_ids",
  })
  void a_bad_parameter_of_a_delete_is_named(String query, String code) {
    // When
    Response answer = given().urlEncodingEnabled(false).delete(FILES + "?" + query);

    // Then
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(422);
    assertThat(answer.asString()).contains("\"" + code + "\"");
  }

  @Test
  void more_files_than_fit_into_a_call_are_refused() {
    // Given
    String ids =
        String.join(",", IntStream.rangeClosed(0, DELETED_AT_ONCE).mapToObj(n -> "f" + n).toList());

    // When
    Response answer = given().delete(FILES + "?older_than_days=0&confirm=true&ids=" + ids);

    // Then
    assertThat(answer.statusCode()).isEqualTo(422);
  }

  @Test
  void a_provider_that_is_not_there_has_no_files() {
    for (Response answer :
        List.of(
            given().get("/v1/providers/unknown/files"),
            given().delete("/v1/providers/unknown/files?older_than_days=0&confirm=true"))) {
      assertThat(answer.statusCode()).isEqualTo(404);
    }
  }

  // ----------------------------------------------------------------------------------------- help

  private void aSecondLater() {
    clock.advance(Duration.ofSeconds(1));
  }

  private String sent() {
    return started().getFirst().inputFileId();
  }

  /// As the simulator calls them.
  private static String answersOf(String batch) {
    return batch.replace("batch_", "file-") + "o";
  }

  private String answers() {
    return sql(
            """
            SELECT a.answer_files FROM attempt a JOIN partition p ON p.id = a.partition_id
              JOIN task t ON t.id = p.task_id WHERE t.name = $1\
            """,
            task)
        .getFirst()
        .getString(0);
  }

  /// Uploads of the test's only partition, on record or not.
  private List<String> mine() {
    String partition = tag(1).partition().toString();
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("file_uploaded"))
        .filter(entry -> entry.detail().path("filename").asText().contains(partition))
        .map(entry -> entry.detail().path("file").asText())
        .toList();
  }

  private String trainingFile() {
    return given()
        .multiPart("purpose", "fine-tune")
        .multiPart("file", "training.jsonl", "{}\n".getBytes(UTF_8))
        .header("Authorization", "Bearer any")
        .post(provider().url() + "/files")
        .then()
        .statusCode(200)
        .extract()
        .path("id");
  }

  private List<JsonNode> list(String... query) {
    return pages(query, all -> given().get(FILES + (all.isEmpty() ? "" : "?" + all)));
  }

  private List<JsonNode> deleteAll(String... query) {
    return pages(query, all -> given().delete(FILES + "?confirm=true&" + all));
  }

  private static List<JsonNode> pages(String[] query, Function<String, Response> call) {
    var found = new ArrayList<JsonNode>();
    Optional<String> after = Optional.empty();
    for (int page = 0; page < 500; page++) {
      String more = after.map(cursor -> "&after=" + cursor).orElse("");
      Response answer = call.apply(String.join("&", query) + more);
      assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
      JsonNode shown = json(answer.asString());
      shown.path("data").forEach(found::add);
      if (!shown.path("has_more").asBoolean()) {
        return found;
      }
      after = Optional.of(shown.path("next").asText("")).filter(next -> !next.isEmpty());
    }
    throw new AssertionError("The list has no end.");
  }

  private static List<String> ids(List<JsonNode> files) {
    return files.stream().map(file -> file.path("id").asText()).toList();
  }

  private static JsonNode one(List<JsonNode> files, String id) {
    var found = files.stream().filter(file -> file.path("id").asText().equals(id)).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /// What was said of this file, each time.
  private static List<String> of(List<JsonNode> outcomes, String id) {
    return outcomes.stream()
        .filter(gone -> gone.path("id").asText().equals(id))
        .map(FlowFilesTest::outcome)
        .toList();
  }

  private static String outcome(JsonNode gone) {
    return gone.path("outcome").asText();
  }
}
