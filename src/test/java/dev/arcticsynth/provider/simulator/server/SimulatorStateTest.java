package dev.arcticsynth.provider.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.store.Ledger;
import dev.arcticsynth.support.TestClock;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a simulator knows, how it moves on with time, and what it bills.
class SimulatorStateTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestClock clock = new TestClock();
  @TempDir Path dir;
  private SimulatorSettings settings;
  private Simulator simulator;
  private RawClient client;

  @BeforeEach
  void start() {
    settings =
        SimulatorSettings.instant(dir)
            .withValidating(Duration.ofMinutes(1))
            .withRunning(Duration.ofMinutes(10))
            .withFinalizing(Duration.ofMinutes(1))
            .withCancelling(Duration.ofMinutes(1));
    simulator = Simulator.start(vertx, settings, clock);
    client = new RawClient(simulator);
  }

  @AfterEach
  void stop() {
    simulator.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_batch_goes_through_its_states_as_time_passes() {
    // Given
    String id = client.started(RawClient.rows(4));

    // When
    List<JsonNode> seen =
        Stream.of(0, 1, 5, 5, 1)
            .peek(minutes -> clock.advance(Duration.ofMinutes(minutes)))
            .map(_ -> client.batch(id))
            .toList();

    // Then
    assertThat(seen)
        .extracting(batch -> batch.path("status").asText())
        .containsExactly("validating", "in_progress", "in_progress", "finalizing", "completed");
    assertThat(seen)
        .extracting(batch -> batch.at("/request_counts/completed").asInt())
        .containsExactly(0, 0, 2, 4, 4);
    assertThat(seen.get(3).path("output_file_id").isNull()).isTrue();
    assertThat(seen.getLast().path("completed_at").asLong())
        .isEqualTo(clock.instant().getEpochSecond());
  }

  @Test
  void rows_that_do_not_fit_into_the_window_expire() {
    // Given
    simulator.close();
    simulator = Simulator.start(vertx, settings.withWindow(Duration.ofMinutes(6)), clock);
    client = new RawClient(simulator);
    String id = client.started(RawClient.rows(10));

    // When
    clock.advance(Duration.ofMinutes(6));

    // Then
    assertThat(client.batch(id).path("status").asText()).isEqualTo("expired");
    assertThat(client.output(id).lines()).hasSize(5);
    assertThat(client.errors(id).lines())
        .hasSize(5)
        .allMatch(line -> line.contains("batch_expired"));
  }

  @Test
  void a_batch_cancelled_before_it_was_validated_leaves_no_files_and_no_bill() {
    // Given
    String id = client.started(RawClient.rows(4));

    // When
    String cancelling =
        RawClient.json(client.post("/batches/" + id + "/cancel", "")).path("status").asText();
    clock.advance(Duration.ofMinutes(5));

    // Then
    assertThat(cancelling).isEqualTo("cancelling");
    assertThat(client.batch(id).path("status").asText()).isEqualTo("cancelled");
    assertThat(client.batch(id).path("output_file_id").isNull()).isTrue();
    assertThat(simulator.ledger().billed()).isEmpty();
  }

  @Test
  void a_batch_that_is_over_cannot_be_cancelled() {
    // Given
    String id = client.started(RawClient.rows(1));
    clock.advance(Duration.ofHours(1));

    // When
    int status = client.post("/batches/" + id + "/cancel", "").statusCode();

    // Then
    assertThat(status).isEqualTo(409);
  }

  @Test
  void the_output_is_complete_but_not_in_the_order_of_the_input() {
    // Given
    String id = client.started(RawClient.rows(200));
    clock.advance(Duration.ofHours(1));

    // When
    List<String> ids =
        client
            .output(id)
            .lines()
            .map(line -> RawClient.parse(line).path("custom_id").asText())
            .toList();

    // Then
    List<String> sent = IntStream.range(0, 200).mapToObj(i -> "row-" + i).toList();
    assertThat(ids).containsExactlyInAnyOrderElementsOf(sent).isNotEqualTo(sent);
  }

  @Test
  void names_and_prompts_keep_their_escapes() {
    // Given
    String row =
        """
        {"custom_id":"q\\"\\u00e9\\\\ü","method":"POST","url":"/v1/chat/completions",\
        "body":{"messages":[{"content":"say \\"hi\\"","role":"user"}],"model":"gpt-ü"}}
        """;
    String id = client.started(row);
    clock.advance(Duration.ofHours(1));

    // When
    JsonNode line = RawClient.parse(client.output(id));

    // Then
    assertThat(line.path("custom_id").asText()).isEqualTo("q\"é\\ü");
    assertThat(line.at("/response/body/model").asText()).isEqualTo("gpt-ü");
    assertThat(line.at("/response/body/choices/0/message/content").asText()).endsWith("say \"hi\"");
    assertThat(simulator.ledger().billed()).containsEntry(id, List.of("q\"é\\ü"));
  }

  @Test
  void an_unsound_input_fails_the_batch_and_says_why() {
    // Given
    String good = RawClient.row(1);
    Map<String, String> codes =
        Map.of(
            "",
            "empty_file",
            good + "{\"custom_id\":",
            "invalid_json_line",
            good + "\n" + RawClient.row(2),
            "invalid_json_line",
            "\uFEFF" + good,
            "invalid_json_line",
            good + good,
            "duplicate_custom_id",
            good + RawClient.row(2).replace("gpt-x", "gpt-y"),
            "mismatched_model",
            good.replace("chat/completions", "embeddings"),
            "url_mismatch",
            good.replace("\"method\":\"POST\",", ""),
            "missing_required_parameter",
            good.replace("custom_id", "id"),
            "missing_required_parameter",
            good.replace("\"body\":{", "\"no_body\":{"),
            "missing_required_parameter");
    Map<String, String> batches =
        codes.keySet().stream()
            .collect(java.util.stream.Collectors.toMap(client::started, input -> input));

    // When
    clock.advance(Duration.ofHours(1));

    // Then
    assertThat(batches)
        .allSatisfy((id, input) -> {
          JsonNode batch = client.batch(id);
          assertThat(batch.path("status").asText()).isEqualTo("failed");
          assertThat(batch.at("/errors/data/0/code").asText()).isEqualTo(codes.get(input));
        });
    assertThat(simulator.ledger().billed()).isEmpty();
  }

  @Test
  void too_many_rows_fail_the_batch() {
    // Given
    simulator.close();
    simulator = Simulator.start(vertx, settings.withMaxRequests(3), clock);
    client = new RawClient(simulator);
    String fits = client.started(RawClient.rows(3));
    String doesNot = client.started(RawClient.rows(4));

    // When
    clock.advance(Duration.ofHours(1));

    // Then
    assertThat(client.batch(fits).path("status").asText()).isEqualTo("completed");
    assertThat(client.batch(doesNot).at("/errors/data/0/code").asText())
        .isEqualTo("too_many_tasks");
  }

  @Test
  void a_file_that_is_too_large_is_refused() {
    // Given
    simulator.close();
    simulator = Simulator.start(vertx, settings.withMaxFileBytes(1000), clock);
    client = new RawClient(simulator);

    // When
    int status = client.upload("in.jsonl", RawClient.rows(50)).statusCode();

    // Then
    assertThat(status).isEqualTo(413);
  }

  @Test
  void an_input_deleted_before_validation_fails_the_batch_and_one_deleted_later_does_not() {
    // Given
    String early = client.uploaded(RawClient.rows(2));
    String late = client.uploaded(RawClient.rows(2));
    String failing = RawClient.json(client.create(early)).path("id").asText();
    String running = RawClient.json(client.create(late)).path("id").asText();

    // When
    var _ = client.delete("/files/" + early);
    clock.advance(Duration.ofMinutes(2));
    var _ = client.delete("/files/" + late);
    clock.advance(Duration.ofHours(1));

    // Then
    assertThat(client.batch(failing).at("/errors/data/0/code").asText())
        .isEqualTo("file_not_found");
    assertThat(client.batch(running).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void metadata_beyond_the_limits_is_refused() {
    // Given
    String file = client.uploaded(RawClient.rows(1));

    // When
    int status =
        client.create(file, "/v1/chat/completions", Map.of("k".repeat(65), "value")).statusCode();

    // Then
    assertThat(status).isEqualTo(400);
  }

  @Test
  void a_restart_over_the_same_directory_loses_nothing() {
    // Given
    String id = client.started(RawClient.rows(5));
    clock.advance(Duration.ofHours(1));
    String output = client.output(id);
    JsonNode before = client.batch(id);

    // When
    simulator.close();
    simulator = Simulator.start(vertx, settings, clock);
    client = new RawClient(simulator);

    // Then
    assertThat(client.batch(id)).isEqualTo(before);
    assertThat(client.output(id)).isEqualTo(output);
    assertThat(simulator.ledger().started()).hasSize(1);
  }

  @Test
  void simulators_and_calls_at_the_same_time_bill_once() {
    // Given
    try (Simulator other = Simulator.start(vertx, settings, clock)) {
      RawClient second = new RawClient(other);
      String id = client.started(RawClient.rows(500));
      clock.advance(Duration.ofHours(1));

      // When
      List<CompletableFuture<String>> seen =
          IntStream.range(0, 12)
              .mapToObj(i -> i % 2 == 0 ? client : second)
              .map(one ->
                  CompletableFuture.supplyAsync(
                      () -> one.batch(id).path("output_file_id").asText()))
              .toList();

      // Then
      assertThat(seen.stream().map(CompletableFuture::join).distinct()).hasSize(1);
      assertThat(simulator.ledger().billed().get(id)).hasSize(500).doesNotHaveDuplicates();
      assertThat(other.ledger().entries())
          .filteredOn(entry -> entry.event().equals("batch_billed"))
          .hasSize(1);
    }
  }

  @Test
  void what_lies_on_the_disk_is_for_its_owner_alone() throws IOException {
    // Given
    String id = client.started(RawClient.rows(4));
    clock.advance(Duration.ofHours(1));
    assertThat(client.output(id).lines()).hasSize(4);

    // When
    try (Stream<Path> all = Files.walk(dir)) {
      List<Path> paths = all.filter(path -> !path.equals(dir)).toList();

      // Then
      assertThat(paths).hasSizeGreaterThan(15);
      assertThat(paths)
          .allSatisfy(path ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                  .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void the_ledger_lists_what_was_started_with_which_metadata() {
    // Given
    String id = client.started(RawClient.rows(1));

    // When
    List<Ledger.Started> started = Ledger.at(dir).started();

    // Then
    assertThat(started)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.batch()).isEqualTo(id);
          assertThat(one.metadata()).containsEntry("part", "7");
        });
  }
}
