package dev.arcticsynth.lab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.lab.evidence.Evidence.*;
import dev.arcticsynth.lab.evidence.Expected.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The judge is judged: evidence of a good run is doctored, one thing at a time, and must turn red.
class OracleTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Expected> expected =
      new ArrayList<>(List.of(new Expected("t", List.of("a", "b"), Fate.ANSWERED)));
  private final Map<String, List<JsonNode>> results =
      new HashMap<>(Map.of("t", List.of(line("a", 1), line("b", 2))));
  private final Map<String, JsonNode> views = new HashMap<>(Map.of("t", view(2, 2, 0)));
  private final List<TaskRow> tasks =
      new ArrayList<>(List.of(new TaskRow("t", "COMPLETED", false, false)));
  private final List<PartitionRow> partitions =
      new ArrayList<>(List.of(partition("p", 0, "BASE", "DOWNLOADED")));
  private final List<AttemptRow> attempts =
      new ArrayList<>(List.of(new AttemptRow("p", 1, "d/p/1", "DONE", "batch_1")));
  private final List<Started> started =
      new ArrayList<>(List.of(new Started("batch_1", "t", "p", "1")));
  private final Map<String, List<String>> billed =
      new HashMap<>(Map.of("batch_1", List.of(wire(0), wire(1))));
  private final Map<String, Map<String, JsonNode>> outputs =
      new HashMap<>(Map.of("batch_1", Map.of(wire(0), answer(1), wire(1), answer(2))));
  private final List<EventRow> events =
      new ArrayList<>(
          List.of(
              event("upload_begun"),
              event("uploaded"),
              event("submitted"),
              event("ended"),
              event("downloaded")));
  private final List<String> moves =
      new ArrayList<>(
          List.of(
              "READY UPLOADING",
              "UPLOADING CREATING",
              "CREATING SUBMITTED",
              "SUBMITTED ENDED",
              "ENDED DOWNLOADED"));
  private final List<ChunkRef> references =
      new ArrayList<>(
          List.of(new ChunkRef("request_chunk", "in", 0), new ChunkRef("result_chunk", "out", 0)));
  private final List<Chunk> chunks =
      new ArrayList<>(List.of(new Chunk("in", 0, "LIVE", true), new Chunk("out", 0, "LIVE", true)));
  private final List<String> unreferenced = new ArrayList<>();
  private final List<OwedCallback> owed =
      new ArrayList<>(List.of(new OwedCallback("t", "DELIVERED", "00")));
  private final List<ReceivedCallback> received =
      new ArrayList<>(List.of(new ReceivedCallback("t", "m", true, "00")));
  private final List<String> logErrors = new ArrayList<>();
  private final List<String> strays = new ArrayList<>();

  @Test
  void a_good_run_breaks_nothing() {
    assertThat(judge()).isEmpty();
  }

  @Test
  void a_create_that_is_refused_and_sent_again_over_its_file_breaks_nothing() {
    moves.add("CREATING UPLOADING");
    events.addAll(2, List.of(event("turned_away"), event("create_begun")));
    assertThat(judge()).isEmpty();
  }

  @Test
  void a_task_that_was_accepted_and_is_not_there_is_seen() {
    tasks.clear();
    assertThat(judge()).contains("accepted");
  }

  @Test
  void a_task_that_was_deleted_and_is_there_is_seen() {
    expected.set(0, new Expected("t", List.of("a", "b"), Fate.DELETED));
    assertThat(judge()).contains("accepted");
  }

  @Test
  void a_line_that_is_missing_is_seen() {
    results.put("t", List.of(line("a", 1)));
    assertThat(judge()).contains("results");
  }

  @Test
  void a_line_that_is_there_twice_is_seen() {
    results.put("t", List.of(line("a", 1), line("b", 2), line("b", 2)));
    assertThat(judge()).contains("results");
  }

  @Test
  void lines_in_another_order_are_seen() {
    results.put("t", List.of(line("b", 2), line("a", 1)));
    assertThat(judge()).contains("results");
  }

  @Test
  void another_requests_answer_is_seen() {
    results.put("t", List.of(line("a", 2), line("b", 1)));
    assertThat(judge()).contains("results");
  }

  @Test
  void an_answer_that_the_provider_never_gave_is_seen() {
    results.put("t", List.of(line("a", 1), line("b", 3)));
    assertThat(judge()).contains("results");
  }

  @Test
  void an_answer_of_a_batch_that_does_not_count_is_seen() {
    attempts.set(0, new AttemptRow("p", 1, "d/p/1", "FAILED_UNBILLED", "batch_1"));
    assertThat(judge()).contains("results");
  }

  @Test
  void counts_that_are_not_those_of_the_lines_are_seen() {
    views.put("t", view(2, 1, 1));
    assertThat(judge()).contains("counts");
  }

  @Test
  void a_batch_that_is_on_no_record_is_seen() {
    started.add(new Started("batch_2", "t", "p", "2"));
    assertThat(judge()).containsExactly("batches");
  }

  @Test
  void a_batch_on_the_wrong_attempts_record_is_seen() {
    started.set(0, new Started("batch_1", "t", "p", "2"));
    assertThat(judge()).containsExactly("batches");
  }

  @Test
  void a_batch_that_was_never_begun_is_seen() {
    attempts.add(new AttemptRow("p", 2, "d/p/2", "DONE", "batch_2"));
    assertThat(judge()).contains("batches");
  }

  @Test
  void a_partition_that_is_paid_for_twice_is_seen() {
    attempts.add(0, new AttemptRow("p", 2, "d/p/2", "FAILED_UNBILLED", "batch_2"));
    started.add(new Started("batch_2", "t", "p", "2"));
    billed.put("batch_2", List.of(wire(0)));
    assertThat(judge()).contains("bills");
  }

  @Test
  void a_request_that_is_paid_for_again_is_seen_where_no_repair_took_it_over() {
    partitions.add(partition("q", 1, "BASE", "FAILED"));
    attempts.add(new AttemptRow("q", 1, "d/q/1", "DONE", "batch_2"));
    started.add(new Started("batch_2", "t", "q", "1"));
    billed.put("batch_2", List.of(wire(0)));
    assertThat(judge()).contains("bills");
  }

  @Test
  void a_request_that_a_repair_took_over_may_be_paid_for_again() {
    partitions.add(partition("q", 1, "REPAIR", "DOWNLOADED"));
    attempts.add(new AttemptRow("q", 1, "d/q/1", "DONE", "batch_2"));
    started.add(new Started("batch_2", "t", "q", "1"));
    billed.put("batch_2", List.of(wire(0)));
    events.addAll(events.stream().map(e -> new EventRow("t", 1, e.event())).toList());
    assertThat(judge()).isEmpty();
  }

  @Test
  void a_line_that_is_billed_twice_in_a_batch_is_seen() {
    billed.put("batch_1", List.of(wire(0), wire(0), wire(1)));
    assertThat(judge()).contains("bills");
  }

  @Test
  void an_attempt_that_is_open_is_seen() {
    attempts.add(new AttemptRow("p", 2, "d/p/2", "CREATING", ""));
    assertThat(judge()).containsExactly("quiet");
  }

  @Test
  void a_lease_that_is_held_is_seen() {
    partitions.set(0, new PartitionRow("p", "t", 0, "BASE", "DOWNLOADED", false, true, false));
    assertThat(judge()).containsExactly("quiet");
  }

  @Test
  void a_task_that_never_ends_is_seen() {
    tasks.set(0, new TaskRow("t", "RUNNING", false, false));
    assertThat(judge()).containsExactly("quiet");
  }

  @Test
  void a_task_without_a_delivery_is_seen() {
    owed.clear();
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_delivery_that_is_still_pending_is_seen() {
    owed.set(0, new OwedCallback("t", "PENDING", "00"));
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_task_that_ended_twice_is_seen() {
    owed.add(new OwedCallback("t", "DELIVERED", "00"));
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_callback_that_was_not_received_is_seen() {
    received.clear();
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_callback_with_another_payload_is_seen() {
    received.set(0, new ReceivedCallback("t", "m", true, "01"));
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_callback_with_a_bad_signature_is_seen() {
    received.set(0, new ReceivedCallback("t", "m", false, "00"));
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_callback_that_comes_again_under_another_id_is_seen() {
    received.add(new ReceivedCallback("t", "n", true, "00"));
    assertThat(judge()).containsExactly("callbacks");
  }

  @Test
  void a_callback_that_comes_again_under_its_id_is_fine() {
    received.add(new ReceivedCallback("t", "m", true, "00"));
    assertThat(judge()).isEmpty();
  }

  @Test
  void a_move_that_is_not_legal_is_seen() {
    events.add(3, event("upload_begun"));
    assertThat(judge()).contains("histories");
  }

  @Test
  void a_history_that_ends_elsewhere_is_seen() {
    events.removeLast();
    assertThat(judge()).containsExactly("histories");
  }

  @Test
  void a_chunk_that_is_missing_is_seen() {
    chunks.removeLast();
    assertThat(judge()).containsExactly("blobs");
  }

  @Test
  void a_chunk_that_is_damaged_is_seen() {
    chunks.set(1, new Chunk("out", 0, "LIVE", false));
    assertThat(judge()).containsExactly("blobs");
  }

  @Test
  void a_chunk_that_may_be_collected_is_seen() {
    chunks.set(1, new Chunk("out", 0, "OPEN", true));
    assertThat(judge()).containsExactly("blobs");
  }

  @Test
  void a_blob_without_a_reference_is_seen() {
    unreferenced.add("LIVE x");
    assertThat(judge()).containsExactly("blobs");
  }

  @Test
  void an_error_in_the_log_is_seen() {
    logErrors.add("A: ERROR");
    assertThat(judge()).containsExactly("logs");
  }

  @Test
  void a_file_that_was_left_is_seen() {
    strays.add("/tmp/arctic-1");
    assertThat(judge()).containsExactly("files");
  }

  /// The rules that were broken.
  private List<String> judge() {
    return Oracle.judge(
            new Evidence(
                expected,
                results,
                views,
                tasks,
                partitions,
                attempts,
                started,
                billed,
                outputs,
                events,
                moves,
                references,
                chunks,
                unreferenced,
                new Callbacks(true, owed, received),
                logErrors,
                strays))
        .stream()
        .map(Violation::rule)
        .distinct()
        .toList();
  }

  private static PartitionRow partition(String id, int ordinal, String kind, String state) {
    return new PartitionRow(id, "t", ordinal, kind, state, false, false, false);
  }

  private static EventRow event(String name) {
    return new EventRow("t", 0, "partition." + name);
  }

  private static String wire(int seq) {
    return "00000000-%08x-9ac31d07".formatted(seq);
  }

  private static JsonNode answer(int n) {
    return json("{\"status_code\":200,\"body\":{\"n\":%d}}".formatted(n));
  }

  private static JsonNode line(String id, int n) {
    return json("{\"custom_id\":\"%s\",\"response\":%s,\"error\":null}".formatted(id, answer(n)));
  }

  private static JsonNode view(int total, int succeeded, int failed) {
    return json(
        "{\"state\":\"completed\",\"counts\":{\"total\":%d,\"succeeded\":%d,\"failed\":%d,\"cancelled\":0}}"
            .formatted(total, succeeded, failed));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
