package dev.arcticsynth.lab.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.lab.evidence.Evidence.*;
import dev.arcticsynth.lab.evidence.Expected.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Judges what is left when everything is quiet, by the promises alone: it does not know what was
/// struck, and nothing is forgiven for it.
public final class Oracle {

  private static final Set<String> HELD =
      Set.of("partition.create_begun", "partition.cancelled", "partition.recalled");
  private static final Set<String> OVER = Set.of("COMPLETED", "CANCELLED", "FAILED");
  private static final Set<String> ENDS = Set.of("DOWNLOADED", "FAILED", "CANCELLED");
  private static final Set<String> OPEN = Set.of("INTENT", "CREATING", "CREATED");
  private static final int WIRE_ID_PARTS = 3;

  private final Evidence evidence;
  private final List<Violation> breaches = new ArrayList<>();

  private Oracle(Evidence evidence) {
    this.evidence = evidence;
  }

  public static List<Violation> judge(Evidence evidence) {
    var oracle = new Oracle(evidence);
    oracle.accepted();
    oracle.results();
    oracle.counts();
    oracle.batches();
    oracle.bills();
    oracle.quiet();
    oracle.callbacks();
    oracle.histories();
    oracle.blobs();
    oracle.traces();
    return List.copyOf(oracle.breaches);
  }

  // Nothing lost.

  /// What was accepted is there; what was deleted is gone.
  private void accepted() {
    Set<String> known = evidence.tasks().stream().map(TaskRow::name).collect(Collectors.toSet());
    for (Expected task : evidence.expected()) {
      boolean wanted = task.fate() != Fate.DELETED;
      check(
          known.contains(task.task()) == wanted,
          "accepted",
          "%s is %s",
          task.task(),
          wanted ? "not there" : "still there");
    }
  }

  /// One line a request, in order, and each what the provider produced for it.
  private void results() {
    for (Expected task : evidence.expected()) {
      if (task.fate() == Fate.DELETED) {
        continue;
      }
      List<JsonNode> lines = evidence.results().getOrDefault(task.task(), List.of());
      List<String> ids = lines.stream().map(line -> line.path("custom_id").asText()).toList();
      check(
          ids.equals(task.ids()),
          "results",
          "%s has the lines %s instead of %s",
          task.task(),
          ids,
          task.ids());
      if (!ids.equals(task.ids())) {
        continue;
      }
      Map<Integer, Set<JsonNode>> produced = produced(task.task());
      for (int seq = 0; seq < lines.size(); seq++) {
        line(task, seq, lines.get(seq), produced.getOrDefault(seq, Set.of()));
      }
    }
  }

  private void line(Expected task, int seq, JsonNode line, Set<JsonNode> produced) {
    boolean isAnswered = line.path("response").path("status_code").asInt() == 200;
    check(
        isAnswered || task.fate() == Fate.OVER,
        "results",
        "%s is not answered: %s",
        task.ids().get(seq),
        line);
    check(
        !isAnswered || produced.contains(line.path("response")),
        "results",
        "%s has an answer that no batch of its gave: %s",
        task.ids().get(seq),
        line);
  }

  /// By sequence number: the answers of batches whose download counts.
  private Map<Integer, Set<JsonNode>> produced(String task) {
    var produced = new HashMap<Integer, Set<JsonNode>>();
    for (PartitionRow partition : evidence.partitions()) {
      if (!partition.task().equals(task) || !partition.state().equals("DOWNLOADED")) {
        continue;
      }
      for (AttemptRow attempt : attemptsOf(partition)) {
        if (attempt.state().equals("DONE")) {
          evidence
              .outputs()
              .getOrDefault(attempt.batch(), Map.of())
              .forEach((wire, answer) -> {
                boolean _ = produced.computeIfAbsent(seq(wire), _ -> new HashSet<>()).add(answer);
              });
        }
      }
    }
    return produced;
  }

  /// The counts that callers see are those of what they get.
  private void counts() {
    evidence
        .views()
        .forEach((task, view) -> {
          JsonNode counts = view.path("counts");
          List<JsonNode> lines = evidence.results().getOrDefault(task, List.of());
          long answered =
              lines.stream()
                  .filter(line -> line.path("response").path("status_code").asInt() == 200)
                  .count();
          check(
              OVER.contains(view.path("state").asText().toUpperCase(java.util.Locale.ROOT)),
              "counts",
              "%s is %s",
              task,
              view.path("state"));
          check(
              counts.path("total").asLong() == lines.size(),
              "counts",
              "%s counts %s and has %d lines",
              task,
              counts,
              lines.size());
          check(
              counts.path("succeeded").asLong() == answered,
              "counts",
              "%s counts %s and has %d answers",
              task,
              counts,
              answered);
          check(
              counts.path("failed").asLong() + counts.path("cancelled").asLong()
                  == lines.size() - answered,
              "counts",
              "%s counts %s and has %d lines without an answer",
              task,
              counts,
              lines.size() - answered);
        });
  }

  // Nothing paid twice.

  /// Every batch that the provider began is on record as exactly one attempt's, and the other way
  /// round.
  private void batches() {
    Set<String> deleted =
        evidence.expected().stream()
            .filter(task -> task.fate() == Fate.DELETED)
            .map(Expected::task)
            .collect(Collectors.toSet());
    var byBatch = new HashMap<String, AttemptRow>();
    for (AttemptRow attempt : evidence.attempts()) {
      if (attempt.batch().isEmpty()) {
        continue;
      }
      @Nullable AttemptRow other = byBatch.put(attempt.batch(), attempt);
      check(
          other == null,
          "batches",
          "two attempts have %s: %s and %s",
          attempt.batch(),
          attempt,
          other);
    }
    Set<String> started =
        evidence.started().stream().map(Started::batch).collect(Collectors.toSet());
    byBatch.forEach((batch, attempt) ->
        check(started.contains(batch), "batches", "the batch of %s was never begun", attempt));
    for (Started batch : evidence.started()) {
      if (deleted.contains(batch.task())) {
        continue;
      }
      AttemptRow attempt = byBatch.get(batch.batch());
      check(
          attempt != null
              && attempt.partition().equals(batch.partition())
              && String.valueOf(attempt.n()).equals(batch.attempt()),
          "batches",
          "the provider began %s, which is on record as %s",
          batch,
          attempt);
    }
  }

  /// A partition is paid for once. A request is paid for again only where a later partition took it
  /// over: by repair, or by the caller's own retry.
  private void bills() {
    var batchesOf = new HashMap<String, Set<String>>();
    for (Started batch : evidence.started()) {
      if (evidence.billed().containsKey(batch.batch())) {
        boolean _ =
            batchesOf.computeIfAbsent(batch.partition(), _ -> new HashSet<>()).add(batch.batch());
      }
    }
    batchesOf.forEach((partition, batches) ->
        check(
            batches.size() == 1,
            "bills",
            "partition %s was paid for %d times: %s",
            partition,
            batches.size(),
            batches));
    evidence
        .billed()
        .forEach((batch, ids) ->
            check(
                new HashSet<>(ids).size() == ids.size(), "bills", "%s billed a line twice", batch));
    for (Expected task : evidence.expected()) {
      Map<Integer, Long> paid =
          evidence.started().stream()
              .filter(batch -> batch.task().equals(task.task()))
              .flatMap(batch -> evidence.billed().getOrDefault(batch.batch(), List.of()).stream())
              .collect(Collectors.groupingBy(Oracle::seq, Collectors.counting()));
      long repairs =
          evidence.partitions().stream()
              .filter(p -> p.task().equals(task.task()))
              .filter(p -> p.kind().equals("REPAIR") || p.isHandedOver())
              .count();
      paid.forEach((seq, times) ->
          check(
              times <= 1 + repairs,
              "bills",
              "%s request %d was paid for %d times, with %d retries",
              task.task(),
              seq,
              times,
              repairs));
      IntStream.range(0, task.ids().size())
          .filter(seq -> task.fate() == Fate.ANSWERED && !paid.containsKey(seq))
          .forEach(
              seq -> check(false, "bills", "%s request %d was never paid for", task.task(), seq));
    }
  }

  // Nothing left over.

  private void quiet() {
    for (TaskRow task : evidence.tasks()) {
      check(OVER.contains(task.state()) && !task.isDue() && !task.isLeased(), "quiet", "%s", task);
    }
    for (PartitionRow partition : evidence.partitions()) {
      check(
          ENDS.contains(partition.state()) && !partition.isDue() && !partition.isLeased(),
          "quiet",
          "%s",
          partition);
    }
    for (AttemptRow attempt : evidence.attempts()) {
      check(!OPEN.contains(attempt.state()), "quiet", "%s", attempt);
    }
  }

  /// Every callback that is owed was received: signed, under one id however often it was sent.
  private void callbacks() {
    Callbacks callbacks = evidence.callbacks();
    for (Expected task : evidence.expected()) {
      long owed = callbacks.owed().stream().filter(each -> each.task().equals(task.task())).count();
      long retries =
          evidence.events().stream()
              .filter(e -> e.task().equals(task.task()) && e.event().equals("task.retry_asked"))
              .count();
      check(
          owed <= 1 + retries,
          "callbacks",
          "%s ended %d times, with %d retries",
          task.task(),
          owed,
          retries);
      check(
          owed > 0 || !callbacks.isOffered() || task.fate() == Fate.DELETED,
          "callbacks",
          "nothing is owed for %s",
          task.task());
    }
    for (OwedCallback owed : callbacks.owed()) {
      List<ReceivedCallback> received =
          callbacks.received().stream()
              .filter(
                  each -> each.task().equals(owed.task()) && each.payload().equals(owed.payload()))
              .toList();
      check(owed.state().equals("DELIVERED"), "callbacks", "%s", owed);
      check(
          received.stream().anyMatch(ReceivedCallback::isSigned),
          "callbacks",
          "not received: %s",
          owed);
      check(
          received.stream().map(ReceivedCallback::id).distinct().count() <= 1,
          "callbacks",
          "received under several ids: %s",
          received);
    }
  }

  /// Every history is a walk along legal moves, to where the partition stands.
  private void histories() {
    Set<String> legal = new HashSet<>(evidence.moves());
    for (PartitionRow partition : evidence.partitions()) {
      List<String> events =
          evidence.events().stream()
              .filter(
                  e -> e.task().equals(partition.task()) && e.partition() == partition.ordinal())
              .map(EventRow::event)
              .toList();
      String state = "READY";
      for (int i = 0; i < events.size(); i++) {
        String event = events.get(i);
        String follows = i + 1 < events.size() ? events.get(i + 1) : "";
        String next = after(event, state, follows, partition.state());
        check(
            next.equals(state) || legal.contains(state + " " + next),
            "histories",
            "%s went from %s to %s by %s: %s",
            partition,
            state,
            next,
            event,
            events);
        state = next;
      }
      check(
          state.equals(partition.state()),
          "histories",
          "%s should be %s after %s",
          partition,
          state,
          events);
    }
  }

  /// Where an event leads. What follows, or the end, decides where that depends on more than the
  /// event: a file that is uploaded for a task that is held or stops has no create coming.
  private static String after(String event, String state, String follows, String end) {
    return switch (event.replace("partition.", "")) {
      case "upload_begun" -> "UPLOADING";
      case "uploaded" -> HELD.contains(follows) ? state : "CREATING";
      case "create_begun" -> "CREATING";
      case "submitted" -> "SUBMITTED";
      case "create_unknown", "fenced" -> "RECONCILING";
      case "abandoned" -> "READY";
      // With the file that is there, or from the start.
      case "turned_away", "full", "unparked" ->
          follows.endsWith(".create_begun") ? "UPLOADING" : "READY";
      case "bisected" -> "FAILED";
      case "recalled" -> "RECONCILING";
      case "refused" -> follows.isEmpty() && end.equals("FAILED") ? "FAILED" : "READY";
      case "parked" -> "PARKED";
      case "cancel_asked" -> "CANCELLING";
      case "ended" -> "ENDED";
      case "downloaded" -> "DOWNLOADED";
      case "failed" -> "FAILED";
      case "cancelled" -> "CANCELLED";
      default -> state;
    };
  }

  /// What is referred to exists and is whole; what exists is referred to.
  private void blobs() {
    var chunks =
        evidence.chunks().stream()
            .collect(Collectors.toMap(chunk -> chunk.blob() + "/" + chunk.n(), chunk -> chunk));
    var wanted = new HashSet<String>();
    for (ChunkRef reference : evidence.references()) {
      String name = reference.blob() + "/" + reference.n();
      boolean _ = wanted.add(name);
      Chunk chunk = chunks.get(name);
      check(
          chunk != null && chunk.isWhole() && chunk.state().equals("LIVE"),
          "blobs",
          "%s has %s",
          reference,
          chunk);
    }
    chunks.forEach(
        (name, chunk) -> check(wanted.contains(name), "blobs", "no reference to %s", chunk));
    evidence.unreferenced().forEach(blob -> check(false, "blobs", "no reference to %s", blob));
  }

  private void traces() {
    evidence.logErrors().forEach(line -> check(false, "logs", "%s", line));
    evidence.strays().forEach(file -> check(false, "files", "left behind: %s", file));
  }

  private List<AttemptRow> attemptsOf(PartitionRow partition) {
    return evidence.attempts().stream().filter(a -> a.partition().equals(partition.id())).toList();
  }

  /// The request's number in an id on the wire.
  private static int seq(String wireId) {
    String[] parts = wireId.split("-");
    return parts.length == WIRE_ID_PARTS ? Integer.parseInt(parts[1], 16) : -1;
  }

  private void check(boolean holds, String rule, String what, @Nullable Object... about) {
    if (!holds) {
      breaches.add(new Violation(rule, what.formatted(about)));
    }
  }
}
