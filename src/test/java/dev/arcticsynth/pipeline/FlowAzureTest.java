package dev.arcticsynth.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Tasks at Azure, where files are read before they can be used, deployments share the work, and
/// batches do not expire.
@QuarkusTest
@TestProfile(FlowAzureProfile.class)
class FlowAzureTest extends Flow {

  @Test
  void a_task_is_answered_through_azure() {
    // Given
    submit(10, "batch_size=4");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(3);
    assertThat(partitions()).noneMatch(partition -> partition.has("remote_model"));
  }

  @Test
  void nothing_is_created_before_the_file_is_read() {
    // Given
    submit(4);
    faults().next(new Fault.Unprocessed(Duration.ofMinutes(3), false));

    // When
    tick();

    // Then: a row that is due again, and no step that waits
    assertThat(partitionState()).isEqualTo("uploading");
    assertThat(waitsFor()).isEqualTo("file");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(uploads()).isEqualTo(1);
    assertThat(events()).containsOnlyOnce("partition.stored");
  }

  @Test
  void a_worker_that_dies_while_a_file_is_read_is_replaced_without_another_upload() {
    // Given: the next worker has never seen the upload
    submit(4);
    faults().next(new Fault.Unprocessed(Duration.ofMinutes(3), false));
    tick();
    List<Row> _ =
        sql(
            "UPDATE partition SET lease_token = gen_random_uuid(), lease_owner = 'dead', lease_until = $1",
            clock.instant().plusSeconds(1).atOffset(java.time.ZoneOffset.UTC));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(uploads()).isEqualTo(1);
  }

  @Test
  void a_file_that_cannot_be_used_is_sent_again() {
    // Given
    submit(4);
    faults().next(new Fault.Unprocessed(Duration.ofSeconds(10), true));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void files_that_can_never_be_used_cost_their_requests_and_no_more() {
    // Given
    submit(4);
    faults().always(new Fault.Unprocessed(Duration.ofSeconds(1), true));

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("failed");
    everyRequestHasOneResult(0, 4, 0);
    assertThat(started()).isEmpty();
    // Twice as a whole, then each half of halves once.
    assertThat(uploads()).isEqualTo(2 + 2 + 4);
  }

  @Test
  void a_file_that_is_gone_while_it_is_waited_for_is_sent_again() {
    // Given
    submit(4);
    faults().next(new Fault.Unprocessed(Duration.ofDays(3), false));
    tick();
    faults().next(100, refused(404), Operation.RETRIEVE_FILE);

    // When
    runUntil(() -> uploads() == 2);
    faults().clear();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_file_that_is_never_read_is_sent_again_after_a_while() {
    // Given
    submit(4);
    faults().next(new Fault.Unprocessed(Duration.ofDays(3), false));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void a_failed_poll_of_a_file_only_delays() {
    // Given
    submit(4);
    faults().next(3, refused(404), Operation.RETRIEVE_FILE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void a_held_upload_becomes_a_batch_when_its_caller_submits() {
    // Given
    submit(4, "auto=false");
    tick();
    say("upload");
    runUntilPartitionIs("uploading");

    // When
    say("submit");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    assertThat(uploads()).isEqualTo(1);
  }

  @Test
  void a_task_that_is_cancelled_while_its_file_is_read_creates_nothing() {
    // Given
    submit(4);
    tick();
    assertThat(partitionState()).isEqualTo("uploading");

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 4);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_full_queue_reported_by_the_create_is_waited_for() {
    // Given: in some regions the call is refused, elsewhere the batch fails later
    submit(4, "max_attempts=1");
    faults()
        .next(
            3,
            new Fault.RefusedAs(
                400,
                "token_limit_exceeded",
                "The enqueued tokens exceed the quota. Limit: 90000 tokens for gpt-test."),
            Operation.CREATE);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void too_many_files_are_waited_for() {
    // Given
    submit(4, "max_attempts=1");
    faults()
        .next(3, new Fault.RefusedAs(400, "quotaExceeded", "At most 500 files."), Operation.UPLOAD);

    // When
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("quota");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
  }

  @Test
  void a_missing_deployment_is_reported_with_what_to_do() {
    // Given
    submit(4);
    faults().next(2, new Fault.FailedWithoutLine("model_not_found"));

    // When
    run();

    // Then
    everyRequestHasOneResult(0, 4, 0);
    assertThat(errors()).containsOnly("model_not_found");
    assertThat(partition().path("last_error").asText())
        .contains("name of its deployment")
        .contains("arctic.providers.simulator.pools");
    assertThat(billed()).isEmpty();
  }

  @Test
  void a_batch_that_goes_on_for_ever_is_stopped_and_the_rest_is_sent_again() {
    // Given: half of it is answered by the time at which we stop it
    submit(10);
    faults().next(new Fault.SlowBatch(Duration.ofHours(52)));
    runUntilPartitionIs("submitted");

    // When
    clock.advance(Duration.ofHours(26));
    tick();

    // Then
    assertThat(partition().path("state").asText()).isEqualTo("cancelling");
    assertThat(state()).isEqualTo("running");
    run();
    assertThat(state()).isEqualTo("completed");
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(started()).hasSize(2);
  }

  @Test
  void many_batches_that_go_on_for_ever_are_stopped_once_each() {
    // Given: so many that they are polled by lists
    submit(22, "batch_size=1");
    faults().next(22, new Fault.SlowBatch(Duration.ofHours(52)));
    runUntil(() -> partitions().stream().allMatch(p -> is(p, "submitted")));

    // When
    clock.advance(Duration.ofHours(26));
    run();

    // Then
    assertThat(state()).isEqualTo("completed");
    everyRequestIsAnsweredAndBilledOnce(22);
    assertThat(ledger().entries())
        .filteredOn(entry -> entry.event().equals("batch_cancelled"))
        .filteredOn(entry -> entry.detail().at("/metadata/arctic_task").asText().equals(task))
        .hasSize(22);
  }

  @Test
  void no_batch_is_stopped_before_its_time() {
    // Given
    submit(4);
    runUntilPartitionIs("submitted");
    faults().next(2_000, new Fault.StuckIn("in_progress"));

    // When
    clock.advance(Duration.ofHours(24));
    tick();
    faults().clear();

    // Then
    assertThat(partitionState()).isEqualTo("submitted");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  // -------------------------------------------------------------- deployments that share the work

  @Test
  void partitions_are_spread_over_the_deployments_of_a_pool() {
    // Given
    submitPooled(16);

    // When
    runUntil(() -> partitions().stream().allMatch(p -> is(p, "submitted")));

    // Then
    assertThat(chosen()).isEqualTo(Map.of("deployment-a", 4L, "deployment-b", 4L));
    assertThat(partitions())
        .allSatisfy(shown ->
            assertThat(shown.path("remote_model").asText())
                .isEqualTo(chosen(shown.path("ordinal").asInt())));
    run();
    everyRequestIsAnsweredAndBilledOnce(16);
    assertThat(modelsOfAnswers())
        .containsOnlyKeys("deployment-a", "deployment-b")
        .allSatisfy((_, answers) -> assertThat(answers).isEqualTo(8));
  }

  @Test
  void a_deployment_that_is_full_leaves_the_others_to_work() {
    // Given: one of them has capacity for one partition
    submitPooled(12);
    limit("deployment-a", 1);

    // When
    runUntil(() -> partitions().stream().allMatch(p -> is(p, "submitted")));

    // Then
    assertThat(chosen()).isEqualTo(Map.of("deployment-a", 1L, "deployment-b", 5L));
    run();
    everyRequestIsAnsweredAndBilledOnce(12);
  }

  @Test
  void a_task_far_over_the_capacity_of_all_deployments_just_takes_longer() {
    // Given
    submitPooled(24);
    limit("deployment-a", 1);
    limit("deployment-b", 1);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(24);
    assertThat(started()).hasSize(12);
  }

  @Test
  void a_refused_partition_tries_another_deployment() {
    // Given
    submitPooled(2);
    faults().next(new Fault.FailedWithoutLine("model_not_found"));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(2);
    assertThat(sql("SELECT remote_model FROM attempt ORDER BY n"))
        .extracting(row -> row.getString(0))
        .containsExactly("deployment-a", "deployment-b");
  }

  @Test
  void repeated_requests_stay_within_one_file_for_any_deployment() {
    // Given: five lines fit as callers wrote them, and do not with the name of a deployment
    int body = "{'model':'pooled','messages':[{'role':'user','content':'question 0'}]}".length();
    long limit = 5L * (body + BatchLineWriter.overhead("/v1/chat/completions"));
    int before = ledger().entries().size();
    submitLines(
        IntStream.range(0, 10).mapToObj(n -> line(n, "pooled")).reduce("", String::concat),
        "max_file_bytes=" + limit);
    faults().always(new Fault.RowStatus(500, RowSelection.share(1)));
    runUntil(() -> waitsFor().equals("retry"));
    faults().clear();

    // When
    run();

    // Then
    assertThat(partitions()).extracting(shown -> shown.path("kind").asText()).contains("repair");
    assertThat(ledger().entries().stream().skip(before))
        .filteredOn(entry -> entry.event().equals("file_uploaded"))
        .extracting(entry -> entry.detail().path("bytes").asLong())
        .isNotEmpty()
        .allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(limit));
    assertThat(results()).allMatch(line -> line.path("error").isNull());
  }

  private void submitPooled(int requests) {
    submitLines(
        IntStream.range(0, requests)
            .mapToObj(n -> line(n, n % 3 == 0 ? "p\\u006foled" : "pooled"))
            .reduce("", String::concat),
        "batch_size=2");
  }

  private void limit(String deployment, long tokens) {
    List<Row> _ =
        sql(
            "INSERT INTO token_limit (provider, model, tokens, learned_at, last_refused_at) VALUES ('simulator', $1, $2, $3, $3)",
            deployment,
            tokens,
            clock.instant().plus(Duration.ofDays(30)).atOffset(java.time.ZoneOffset.UTC));
  }

  private String chosen(int ordinal) {
    return sql("SELECT remote_model FROM partition WHERE ordinal = $1", ordinal)
        .getFirst()
        .getString(0);
  }

  private Map<String, Long> chosen() {
    return sql("SELECT remote_model, count(*) FROM partition GROUP BY remote_model").stream()
        .collect(toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  private Map<String, Integer> modelsOfAnswers() {
    return results().stream()
        .collect(groupingBy(line -> line.at("/response/body/model").asText()))
        .entrySet()
        .stream()
        .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().size()));
  }

  private static boolean is(com.fasterxml.jackson.databind.JsonNode partition, String state) {
    return partition.path("state").asText().equals(state);
  }

  private long uploads() {
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("file_uploaded"))
        .filter(entry ->
            partitionIds().stream()
                .anyMatch(id -> isOf(entry.detail().path("filename").asText(), id)))
        .count();
  }

  private List<String> partitionIds() {
    return sql("SELECT id::text FROM partition").stream().map(row -> row.getString(0)).toList();
  }

  private static boolean isOf(String filename, String partition) {
    return filename.contains(partition) || filename.contains(partition.replace("-", ""));
  }
}
