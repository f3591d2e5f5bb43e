package dev.arcticsynth.lab.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that can be known of some tasks when everything is quiet again. Nothing in it comes from
/// what a replica says of itself, except the results and counts that it gives to callers, which are
/// judged.
///
/// @param expected what callers were promised
/// @param results the lines that callers get, by task
/// @param views what callers see of their task, by task
/// @param started what the provider's ledger says it began
/// @param billed ids on the wire that the ledger billed, by batch
/// @param outputs the provider's answers: by batch, then by id on the wire
/// @param events the history, oldest first, by task and partition
/// @param moves legal moves of a partition, `FROM TO`
/// @param logErrors lines that replicas logged as errors
/// @param strays files that should not have been left
public record Evidence(
    List<Expected> expected,
    Map<String, List<JsonNode>> results,
    Map<String, JsonNode> views,
    List<TaskRow> tasks,
    List<PartitionRow> partitions,
    List<AttemptRow> attempts,
    List<Started> started,
    Map<String, List<String>> billed,
    Map<String, Map<String, JsonNode>> outputs,
    List<EventRow> events,
    List<String> moves,
    List<ChunkRef> references,
    List<Chunk> chunks,
    List<String> unreferenced,
    Callbacks callbacks,
    List<String> logErrors,
    List<String> strays) {

  /// As if these batches had never been begun.
  public Evidence without(Set<String> batches) {
    return with(
        started.stream().filter(batch -> !batches.contains(batch.batch())).toList(),
        unreferenced,
        strays);
  }

  /// Of tasks among others that are under way: what cannot be said of them alone is left out.
  public Evidence settled() {
    return with(started, List.of(), List.of());
  }

  private Evidence with(List<Started> begun, List<String> loose, List<String> files) {
    return new Evidence(
        expected,
        results,
        views,
        tasks,
        partitions,
        attempts,
        begun,
        billed,
        outputs,
        events,
        moves,
        references,
        chunks,
        loose,
        callbacks,
        logErrors,
        files);
  }

  /// Which callbacks callers are owed, and which were received.
  ///
  /// @param isOffered whether the service can call back at all
  /// @param owed by the database
  /// @param received by the sink
  public record Callbacks(
      boolean isOffered, List<OwedCallback> owed, List<ReceivedCallback> received) {}

  /// @param payload in hex
  public record OwedCallback(String task, String state, String payload) {}

  /// @param payload in hex
  record ReceivedCallback(String task, String id, boolean isSigned, String payload) {}

  public record TaskRow(String name, String state, boolean isDue, boolean isLeased) {}

  public record PartitionRow(
      String id,
      String task,
      int ordinal,
      String kind,
      String state,
      boolean isDue,
      boolean isLeased,
      boolean isHandedOver) {}

  public record AttemptRow(String partition, int n, String tag, String state, String batch) {}

  /// @param tag as the batch's metadata says it
  public record Started(String batch, String task, String partition, String attempt) {}

  /// @param partition its number; -1 for what happened to the task as a whole
  public record EventRow(String task, int partition, String event) {}

  /// A row that names a chunk.
  public record ChunkRef(String table, String blob, int n) {}

  public record Chunk(String blob, int n, String state, boolean isWhole) {}
}
