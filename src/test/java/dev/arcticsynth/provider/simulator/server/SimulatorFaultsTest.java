package dev.arcticsynth.provider.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import dev.arcticsynth.support.TestClock;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How each fault looks on the wire, and what it leaves behind.
class SimulatorFaultsTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestClock clock = new TestClock();
  @TempDir Path dir;
  private Simulator simulator;
  private RawClient client;

  @BeforeEach
  void start() {
    simulator = Simulator.start(vertx, SimulatorSettings.instant(dir), clock);
    client = new RawClient(simulator);
  }

  @AfterEach
  void stop() {
    simulator.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_create_takes_effect_though_its_reply_is_lost_or_cut() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.LostReply());
    simulator.faults().next(new Fault.DoneButReset());

    // When
    assertThatThrownBy(() -> client.create(file)).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> client.create(file)).isInstanceOf(UncheckedIOException.class);

    // Then
    assertThat(simulator.ledger().started()).hasSize(2);
    assertThat(simulator.faults().struck()).containsEntry("LostReply", 1);
  }

  @Test
  void a_create_takes_effect_though_its_reply_says_500() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.DoneBut(500));

    // When
    int status = client.create(file).statusCode();

    // Then
    assertThat(status).isEqualTo(500);
    assertThat(simulator.ledger().started()).hasSize(1);
  }

  @Test
  void a_reply_can_come_too_late() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.TooLate(Duration.ofSeconds(30)));

    // When
    assertThatThrownBy(() ->
            client.send(
                client
                    .request("/batches")
                    .timeout(Duration.ofMillis(500))
                    .POST(
                        java.net.http.HttpRequest.BodyPublishers.ofString(
                            """
                            {"input_file_id":"%s","endpoint":"/v1/chat/completions",\
                            "completion_window":"24h"}\
                            """
                                .formatted(file)))))
        .isInstanceOf(UncheckedIOException.class);

    // Then
    assertThat(simulator.ledger().started()).hasSize(1);
  }

  @Test
  void a_delayed_create_lands_when_its_time_has_come() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.Delayed(Duration.ofMinutes(5), true));
    assertThatThrownBy(() -> client.create(file)).isInstanceOf(UncheckedIOException.class);
    int before = simulator.ledger().started().size();

    // When
    clock.advance(Duration.ofMinutes(5));

    // Then
    assertThat(before).isZero();
    Awaitility.await().untilAsserted(() -> assertThat(simulator.ledger().started()).hasSize(1));
  }

  @Test
  void a_delayed_create_that_lands_after_its_file_was_deleted_starts_nothing() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.Delayed(Duration.ofMinutes(5), false));
    var late =
        java.util.concurrent.CompletableFuture.supplyAsync(() -> client.create(file).statusCode());
    Awaitility.await()
        .untilAsserted(() -> assertThat(simulator.faults().struck()).containsKey("Delayed"));
    var _ = client.delete("/files/" + file);

    // When
    clock.advance(Duration.ofMinutes(5));

    // Then
    assertThat(late.join()).isEqualTo(400);
    assertThat(simulator.ledger().started()).isEmpty();
  }

  @Test
  void a_refused_call_has_no_effect_and_says_when_to_come_back() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.Refused(429, "soon", false), Operation.CREATE);
    simulator.faults().next(new Fault.Refused(503, null, true), Operation.CREATE);

    // When
    var tooMany = client.create(file);
    var page = client.create(file);

    // Then
    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(tooMany.headers().firstValue("Retry-After")).contains("soon");
    assertThat(page.statusCode()).isEqualTo(503);
    assertThat(page.body()).startsWith("<html>");
    assertThat(simulator.ledger().started()).isEmpty();
  }

  @Test
  void a_fault_can_strike_only_what_matches() {
    // Given
    simulator
        .faults()
        .add(
            new FaultRule(
                new Fault.Refused(500), java.util.Set.of(Operation.UPLOAD), 0, 0, "part-7"));

    // When
    int struck = client.upload("part-7.jsonl", RawClient.rows(1)).statusCode();
    int spared = client.upload("part-8.jsonl", RawClient.rows(1)).statusCode();

    // Then
    assertThat(struck).isEqualTo(500);
    assertThat(spared).isEqualTo(200);
  }

  @Test
  void a_reply_can_be_junk() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.Junk("{\"id\":\"\"}", true));

    // When
    var reply = client.create(file);

    // Then
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"id\":\"\"}");
    assertThat(simulator.ledger().started()).hasSize(1);
  }

  @Test
  void a_list_may_lag_behind() {
    // Given
    String id = client.started(RawClient.rows(1));
    simulator.faults().always(new Fault.ListLag(Duration.ofSeconds(90)));

    // When
    JsonNode before = RawClient.json(client.get("/batches")).path("data");
    clock.advance(Duration.ofSeconds(90));
    JsonNode after = RawClient.json(client.get("/batches")).path("data");

    // Then
    assertThat(before).isEmpty();
    assertThat(after.at("/0/id").asText()).isEqualTo(id);
  }

  @Test
  void a_page_may_repeat_and_disorder_its_entries() {
    // Given
    List<String> ids =
        List.of(client.started(RawClient.rows(1)), client.started(RawClient.rows(1)));
    simulator.faults().next(new Fault.DuplicatePage());
    simulator.faults().next(new Fault.ReorderedPage());

    // When
    JsonNode page = RawClient.json(client.get("/batches"));

    // Then
    assertThat(page.path("data").findValuesAsText("id"))
        .containsExactly(ids.get(0), ids.get(0), ids.get(1), ids.get(1));
    assertThat(page.path("last_id").asText()).isEqualTo(ids.getFirst());
  }

  @Test
  void a_batch_may_look_like_what_it_is_not() {
    // Given
    String id = client.started(RawClient.rows(1));
    List<Fault> faults =
        List.of(
            new Fault.StuckIn("finalizing"),
            new Fault.Regress(),
            new Fault.UnknownStatus("meditating"),
            new Fault.WrongCounts(),
            new Fault.CompletedWithoutOutputFile(),
            new Fault.Vanished());
    faults.forEach(fault -> simulator.faults().next(fault));

    // When
    List<JsonNode> seen = Stream.generate(() -> client.batch(id)).limit(7).toList();

    // Then
    assertThat(seen)
        .extracting(batch -> batch.path("status").asText())
        .containsExactly(
            "finalizing", "in_progress", "meditating", "completed", "completed", "", "completed");
    assertThat(seen.get(3).at("/request_counts/total").asInt()).isEqualTo(8);
    assertThat(seen.get(4).path("output_file_id").isNull()).isTrue();
    assertThat(seen.get(6).path("output_file_id").isNull()).isFalse();
  }

  @Test
  void a_batch_may_fail_as_a_whole_for_good() {
    // Given
    simulator.faults().next(new Fault.FailedWithLine(3, "invalid_request"));
    simulator.faults().next(new Fault.FailedWithoutLine("billing_hard_limit_reached"));
    simulator.faults().next(new Fault.TokenLimitExceeded());

    // When
    List<JsonNode> failed =
        Stream.generate(() -> client.batch(client.started(RawClient.rows(5)))).limit(3).toList();

    // Then
    assertThat(failed)
        .extracting(batch -> batch.at("/errors/data/0/code").asText())
        .containsExactly("invalid_request", "billing_hard_limit_reached", "token_limit_exceeded");
    assertThat(failed.getFirst().at("/errors/data/0/line").asInt()).isEqualTo(3);
    assertThat(simulator.ledger().billed()).isEmpty();
  }

  @Test
  void an_expired_batch_keeps_and_bills_the_share_that_was_answered() {
    // Given
    simulator.faults().next(new Fault.Expire(0.3));

    // When
    String id = client.started(RawClient.rows(10));

    // Then
    assertThat(client.batch(id).path("status").asText()).isEqualTo("expired");
    assertThat(client.output(id).lines()).hasSize(3);
    assertThat(client.errors(id).lines()).hasSize(7);
    assertThat(simulator.ledger().billed().get(id)).hasSize(3);
  }

  @Test
  void rows_may_be_missing_repeated_strange_broken_or_refused() {
    // Given
    simulator.faults().next(new Fault.MissingRows(RowSelection.rows(2)));
    simulator.faults().next(new Fault.DuplicateRows(RowSelection.rows(1)));
    simulator.faults().next(new Fault.UnknownCustomId(RowSelection.rows(1)));
    simulator.faults().next(new Fault.NonJsonLine(RowSelection.rows(1)));
    simulator.faults().next(new Fault.RowStatus(500, RowSelection.share(0.1)));
    simulator.faults().next(new Fault.RowStatus(0, RowSelection.rows(1)));

    // When
    String id = client.started(RawClient.rows(20));
    String clean = client.started(RawClient.rows(20));

    // Then
    assertThat(client.output(id).lines()).hasSize(16);
    assertThat(client.output(id).lines().filter(line -> line.contains("\"unknown-"))).hasSize(1);
    assertThat(client.output(id).lines().filter(line -> !line.endsWith("}"))).hasSize(1);
    assertThat(client.errors(id).lines())
        .extracting(line -> RawClient.parse(line).at("/response/status_code").asInt())
        .containsExactlyInAnyOrder(500, 500, 0);
    assertThat(simulator.ledger().billed().get(id)).hasSize(15).doesNotHaveDuplicates();
    assertThat(client.output(clean).lines()).hasSize(20);
  }

  @Test
  void a_batch_of_which_every_row_failed_has_no_output_file() {
    // Given
    simulator.faults().next(new Fault.RowStatus(400, RowSelection.share(1)));

    // When
    JsonNode batch = client.batch(client.started(RawClient.rows(3)));

    // Then
    assertThat(batch.path("status").asText()).isEqualTo("completed");
    assertThat(batch.path("output_file_id").isNull()).isTrue();
    assertThat(batch.at("/request_counts/failed").asInt()).isEqualTo(3);
  }

  @Test
  void an_upload_may_be_cut_silently() {
    // Given
    String content = RawClient.rows(10);
    simulator.faults().next(new Fault.UploadTruncated(0.45, true));

    // When
    JsonNode file = RawClient.json(client.upload("in.jsonl", content));

    // Then
    assertThat(file.path("bytes").asInt()).isEqualTo(content.length());
    assertThat(client.content(file.path("id").asText()).lines()).hasSize(5);
  }

  @Test
  void a_download_may_be_cut_short() {
    // Given
    String content = RawClient.rows(10);
    String file = client.uploaded(content);
    simulator.faults().next(new Fault.DownloadTruncated(100, false));
    simulator.faults().next(new Fault.DownloadTruncated(100, true));
    simulator.faults().next(new Fault.CutMidLine());

    // When
    assertThatThrownBy(() -> client.content(file)).isInstanceOf(UncheckedIOException.class);
    String clean = client.content(file);
    String midLine = client.content(file);

    // Then
    assertThat(clean).isEqualTo(content.substring(0, 100));
    assertThat(content).startsWith(midLine);
    assertThat(midLine).doesNotEndWith("\n").contains("row-5");
  }

  @Test
  void a_download_may_be_a_page_or_refused_or_hang() {
    // Given
    String file = client.uploaded(RawClient.rows(1));
    simulator.faults().next(new Fault.HtmlInstead());
    simulator.faults().next(new Fault.Refused(404), Operation.CONTENT);
    simulator.faults().next(new Fault.DownloadHang());

    // When
    int refused = client.get("/files/" + file + "/content").statusCode();
    String page = client.content(file);

    // Then
    assertThat(refused).isEqualTo(404);
    assertThat(page).startsWith("<html>");
    assertThat(client.sendAsync(client.request("/files/" + file + "/content").GET()))
        .failsWithin(Duration.ofMillis(500));
  }

  @Test
  void faults_can_be_asked_for_over_http() {
    // Given
    String admin = "/../_simulator/faults";
    String rules =
        """
        [{"fault":{"type":"refused","status":503},"calls":["list_files"],"times":1},
         {"fault":{"type":"list_lag","by":"PT30S"}},
         {"fault":{"type":"missing_rows","rows":{"share":0.5}},"times":2}]
        """;

    // When
    JsonNode added = RawClient.json(client.post(admin, rules)).path("rules");
    int struck = client.get("/files").statusCode();
    JsonNode cleared = RawClient.json(client.delete(admin)).path("rules");

    // Then
    assertThat(added).hasSize(3);
    assertThat(struck).isEqualTo(503);
    assertThat(cleared).isEmpty();
    assertThat(RawClient.json(client.get("/../_simulator/ledger")).has("billed")).isTrue();
  }
}
