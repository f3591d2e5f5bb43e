package dev.arcticsynth.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.How;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.provider.http.ErrorBody;
import dev.arcticsynth.provider.http.LogSanitizer;
import dev.arcticsynth.provider.http.WireEntry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// A batch as received. Only the members in use are read, and none is assumed to be present:
/// compatible servers leave members out, add their own, and write words in capitals.
record WireBatch(JsonNode json) {

  /// Before the end, at OpenAI and at servers that took over its API. The empty one is a list's
  /// that has none.
  private static final Set<String> RUNNING =
      Set.of(
          "",
          "validating",
          "created",
          "submitted",
          "scheduled",
          "queued",
          "pending",
          "in_queue",
          "not_started",
          "in_progress",
          "in progress",
          "running",
          "processing",
          "cancelling",
          "canceling");

  /// What a create answers with. Together wraps it, beside a warning.
  static WireBatch created(JsonNode answer) {
    return new WireBatch(answer.path("job").isObject() ? answer.path("job") : answer);
  }

  String id() {
    return text("id");
  }

  String inputFileId() {
    return text("input_file_id");
  }

  String metadata(String key) {
    JsonNode value = json.path("metadata").path(key);
    return value.isValueNode() && !value.isNull() ? value.asText() : "";
  }

  Optional<Instant> createdAt() {
    return new WireEntry(json).createdAt();
  }

  /// The provider's status; empty when the answer is not a batch.
  String word() {
    return LogSanitizer.of(text("status"));
  }

  BatchStatus status() {
    String word = word();
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "completed" -> ended(word, How.COMPLETED);
      case "expired" -> ended(word, How.EXPIRED);
      case "cancelled", "canceled" -> ended(word, How.CANCELLED);
      case "failed" -> new BatchStatus.Failed(word, refusals());
      case "finalizing" -> inProgress(word, true);
      // APIs add statuses, and gateways have their own. One that is not known must not end a batch
      // that is paid for.
      case String known when RUNNING.contains(known) -> inProgress(word, false);
      default -> new BatchStatus.Unfamiliar(word, answered().orElse(0), count("total"), files());
    };
  }

  private BatchStatus inProgress(String word, boolean finishing) {
    return new BatchStatus.InProgress(word, answered().orElse(0), count("total"), finishing);
  }

  private BatchStatus ended(String word, How how) {
    List<String> files = files();
    boolean isShort =
        text("output_file_id").isBlank()
            && (count("completed") > 0
                || files.isEmpty() && (how == How.COMPLETED || answered().orElse(0) > 0));
    return new BatchStatus.Ended(word, how, files, answered(), isShort);
  }

  private List<String> files() {
    return Stream.of("output_file_id", "error_file_id")
        .map(this::text)
        .filter(id -> !id.isBlank())
        .toList();
  }

  private OptionalInt answered() {
    return json.path("request_counts").isObject()
        ? OptionalInt.of(count("completed") + count("failed"))
        : OptionalInt.empty();
  }

  private int count(String what) {
    return Math.max(0, json.path("request_counts").path(what).asInt());
  }

  /// OpenAI wraps the list in an object; others send the bare list, one error, or a text, and some
  /// name the member `error`.
  private List<Refusal> refusals() {
    return Stream.of("errors", "error")
        .map(json::path)
        .map(WireBatch::refusals)
        .filter(refusals -> !refusals.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static List<Refusal> refusals(JsonNode errors) {
    JsonNode data = errors.path("data");
    Stream<JsonNode> all =
        errors.isArray()
            ? errors.valueStream()
            : data.isArray() ? data.valueStream() : Stream.of(data.isObject() ? data : errors);
    return all.flatMap(error -> refusal(error).stream()).toList();
  }

  /// Empty where nothing is said: a member that is null is no reason.
  private static Optional<Refusal> refusal(JsonNode error) {
    ErrorBody body =
        error.isObject()
            ? new ErrorBody(words(error.path("message")), "", words(error.path("code")))
            : new ErrorBody(words(error), "", "");
    OptionalInt line = line(error.path("line"));
    return body.message().isBlank() && body.code().isBlank() && line.isEmpty()
        ? Optional.empty()
        : Optional.of(refusal(body, line));
  }

  private static String words(JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? ""
        : value.isValueNode() ? value.asText() : value.toString();
  }

  private static Refusal refusal(ErrorBody error, OptionalInt line) {
    return new Refusal(
        LogSanitizer.of(error.word()), LogSanitizer.of(error.message()), line, error.blame());
  }

  /// Azure writes the number as a text. Whatever cannot be a line names none.
  private static OptionalInt line(JsonNode given) {
    long line = given.asLong();
    return line > 0 && line <= Integer.MAX_VALUE ? OptionalInt.of((int) line) : OptionalInt.empty();
  }

  private String text(String member) {
    return new WireEntry(json).text(member);
  }
}
