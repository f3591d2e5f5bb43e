package dev.arcticsynth.lab.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.lab.evidence.Evidence;
import dev.arcticsynth.lab.evidence.Evidence.*;
import dev.arcticsynth.lab.evidence.Expected;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.provider.simulator.store.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Collects the evidence about the tasks of a round.
public final class EvidenceCollector {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OF_TASK =
      " JOIN task t ON t.id = p.task_id WHERE t.name LIKE ? ORDER BY t.name, p.ordinal";

  private final Lab lab;
  private final String prefix;

  private EvidenceCollector(Lab lab, String prefix) {
    this.lab = lab;
    this.prefix = prefix + "-%";
  }

  /// @param errors what the logs say
  public static Evidence of(Lab lab, String prefix, List<Expected> expected, List<String> errors) {
    return new EvidenceCollector(lab, prefix).all(expected, errors);
  }

  private Evidence all(List<Expected> expected, List<String> errors) {
    var results = new HashMap<String, List<JsonNode>>();
    var views = new HashMap<String, JsonNode>();
    for (Expected each : expected) {
      if (each.fate() != Expected.Fate.DELETED) {
        results.put(each.task(), lab.client().results(each.task()));
        views.put(each.task(), lab.client().view(each.task()));
      }
    }
    Set<String> names = expected.stream().map(Expected::task).collect(Collectors.toSet());
    List<Started> started =
        lab.simulator().ledger().started().stream()
            .map(EvidenceCollector::started)
            .filter(each -> names.contains(each.task()))
            .toList();
    Set<String> batches = started.stream().map(Started::batch).collect(Collectors.toSet());
    var billed = new HashMap<>(lab.simulator().ledger().billed());
    billed.keySet().retainAll(batches);
    var outputs = new HashMap<String, Map<String, JsonNode>>();
    batches.forEach(batch -> outputs.put(batch, output(batch)));
    return new Evidence(
        expected,
        results,
        views,
        tasks(),
        partitions(),
        attempts(),
        started,
        billed,
        outputs,
        events(),
        lab.rows("SELECT before || ' ' || after AS move FROM partition_move").stream()
            .map(row -> row.getOrDefault("move", ""))
            .toList(),
        references(),
        chunks(),
        unreferenced(),
        callbacks(),
        errors,
        strays());
  }

  private static Started started(Ledger.Started entry) {
    Map<String, String> metadata = entry.metadata();
    return new Started(
        entry.batch(),
        metadata.getOrDefault("arctic_task", ""),
        metadata.getOrDefault("arctic_partition", ""),
        metadata.getOrDefault("arctic_attempt", ""));
  }

  private List<TaskRow> tasks() {
    return lab
        .rows(
            "SELECT name, state, due_at IS NOT NULL AS due, coalesce(lease_until > now(), false) AS leased FROM task WHERE name LIKE ?",
            prefix)
        .stream()
        .map(row ->
            new TaskRow(text(row, "name"), text(row, "state"), is(row, "due"), is(row, "leased")))
        .toList();
  }

  private List<PartitionRow> partitions() {
    return lab
        .rows(
            "SELECT p.id, t.name, p.ordinal, p.kind, p.state, p.due_at IS NOT NULL AS due, coalesce(p.lease_until > now(), false) AS leased, p.handed_over FROM partition p"
                + OF_TASK,
            prefix)
        .stream()
        .map(row ->
            new PartitionRow(
                text(row, "id"),
                text(row, "name"),
                number(row, "ordinal"),
                text(row, "kind"),
                text(row, "state"),
                is(row, "due"),
                is(row, "leased"),
                is(row, "handed_over")))
        .toList();
  }

  private List<AttemptRow> attempts() {
    return lab
        .rows(
            "SELECT a.partition_id, a.n, a.tag, a.state, a.remote_batch_id FROM attempt a JOIN partition p ON p.id = a.partition_id"
                + OF_TASK
                + ", a.n",
            prefix)
        .stream()
        .map(row ->
            new AttemptRow(
                text(row, "partition_id"),
                number(row, "n"),
                text(row, "tag"),
                text(row, "state"),
                text(row, "remote_batch_id")))
        .toList();
  }

  private List<EventRow> events() {
    return lab
        .rows(
            "SELECT t.name, coalesce(e.partition, -1) AS partition, e.event FROM task_event e JOIN task t ON t.id = e.task_id WHERE t.name LIKE ? ORDER BY e.id",
            prefix)
        .stream()
        .map(row -> new EventRow(text(row, "name"), number(row, "partition"), text(row, "event")))
        .toList();
  }

  private List<ChunkRef> references() {
    return lab
        .rows(
            """
            SELECT 'request_chunk' AS origin, c.blob_id, c.n FROM request_chunk c JOIN task t ON t.id = c.task_id WHERE t.name LIKE ?
            UNION ALL
            SELECT 'result_chunk', c.blob_id, c.n FROM result_chunk c JOIN task t ON t.id = c.task_id WHERE t.name LIKE ?\
            """,
            prefix,
            prefix)
        .stream()
        .map(row -> new ChunkRef(text(row, "origin"), text(row, "blob_id"), number(row, "n")))
        .toList();
  }

  /// Of these tasks; the database itself digests what it holds.
  private List<Chunk> chunks() {
    return lab
        .rows(
            """
            SELECT k.blob_id, k.n, b.state, k.sha256 = sha256(k.body) AS whole FROM blob_chunk k LEFT JOIN blob b ON b.id = k.blob_id
             WHERE k.blob_id IN (SELECT c.blob_id FROM request_chunk c JOIN task t ON t.id = c.task_id WHERE t.name LIKE ?
                                 UNION SELECT c.blob_id FROM result_chunk c JOIN task t ON t.id = c.task_id WHERE t.name LIKE ?)\
            """,
            prefix,
            prefix)
        .stream()
        .map(row ->
            new Chunk(text(row, "blob_id"), number(row, "n"), text(row, "state"), is(row, "whole")))
        .toList();
  }

  /// Of all tasks: blobs that count without a reference, or that should have been collected.
  private List<String> unreferenced() {
    return lab
        .rows(
            """
            SELECT b.id, b.state FROM blob b
             WHERE b.state = 'LIVE' AND NOT EXISTS (SELECT 1 FROM request_chunk c WHERE c.blob_id = b.id)
               AND NOT EXISTS (SELECT 1 FROM result_chunk c WHERE c.blob_id = b.id)
                OR b.created_at < now() - interval '10 minutes' AND b.state = 'OPEN'
            UNION ALL
            SELECT DISTINCT k.blob_id, 'GONE' FROM blob_chunk k WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = k.blob_id)\
            """)
        .stream()
        .map(row -> text(row, "state") + " " + text(row, "id"))
        .toList();
  }

  private Callbacks callbacks() {
    return lab.callsBack()
        ? new Callbacks(
            true,
            lab
                .rows(
                    """
                    SELECT t.name, d.state, encode(d.payload, 'hex') AS payload FROM delivery d
                      JOIN callback c ON c.id = d.callback_id JOIN task t ON t.id = c.task_id WHERE t.name LIKE ?\
                    """,
                    prefix)
                .stream()
                .map(row ->
                    new OwedCallback(text(row, "name"), text(row, "state"), text(row, "payload")))
                .toList(),
            lab.sink().about(prefix.substring(0, prefix.length() - 2)))
        : new Callbacks(false, List.of(), List.of());
  }

  /// What is staged while nothing is downloaded. A replica that is dead still, or starts, removes
  /// it when it is up.
  private List<String> strays() {
    var strays = new ArrayList<String>();
    for (ReplicaProcess replicaProcess : lab.replicas()) {
      if (!Files.exists(replicaProcess.staging()) || !replicaProcess.isReady()) {
        continue;
      }
      try (Stream<Path> left = Files.walk(replicaProcess.staging(), 2)) {
        left.map(Path::toString).filter(path -> path.contains("step-")).forEach(strays::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return strays;
  }

  /// What the provider made, read from its disk: not what a replica downloaded.
  private Map<String, JsonNode> output(String batch) {
    var answers = new HashMap<String, JsonNode>();
    Optional<Path> file = lab.simulator().answers(batch);
    if (file.isPresent()) {
      try {
        for (String line : Files.readAllLines(file.get())) {
          JsonNode answer = JSON.readTree(line);
          JsonNode _ = answers.put(answer.path("custom_id").asText(), answer.path("response"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return answers;
  }

  private static String text(Map<String, String> row, String column) {
    return row.getOrDefault(column, "");
  }

  private static int number(Map<String, String> row, String column) {
    return Integer.parseInt(row.getOrDefault(column, "0"));
  }

  private static boolean is(Map<String, String> row, String column) {
    return text(row, column).equals("t");
  }
}
