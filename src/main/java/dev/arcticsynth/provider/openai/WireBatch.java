package dev.arcticsynth.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.How;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.provider.http.ErrorBody;
import dev.arcticsynth.provider.http.LogSanitizer;
import dev.arcticsynth.provider.http.WireEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A batch as received. Only the members in use are read, and none is assumed to be present:
/// compatible servers leave members out, add their own, and write words in capitals.
record WireBatch(JsonNode json) {

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
      // An unknown status must not end a batch that is paid for; APIs add statuses.
      default -> inProgress(word, false);
    };
  }

  private BatchStatus inProgress(String word, boolean finishing) {
    return new BatchStatus.InProgress(word, answered().orElse(0), count("total"), finishing);
  }

  private BatchStatus ended(String word, How how) {
    List<String> files =
        Stream.of("output_file_id", "error_file_id")
            .map(this::text)
            .filter(id -> !id.isBlank())
            .toList();
    boolean isShort =
        text("output_file_id").isBlank()
            && (count("completed") > 0 || files.isEmpty() && answered().orElse(0) > 0);
    return new BatchStatus.Ended(word, how, files, answered(), isShort);
  }

  private OptionalInt answered() {
    return json.path("request_counts").isObject()
        ? OptionalInt.of(count("completed") + count("failed"))
        : OptionalInt.empty();
  }

  private int count(String what) {
    return Math.max(0, json.path("request_counts").path(what).asInt());
  }

  /// OpenAI wraps the list in an object; others send the bare list, or a text.
  private List<Refusal> refusals() {
    JsonNode errors = json.path("errors");
    if (errors.isTextual()) {
      return List.of(refusal(new ErrorBody(errors.asText(), "", ""), OptionalInt.empty()));
    }
    List<Refusal> refusals = new ArrayList<>();
    for (JsonNode error : errors.isArray() ? errors : errors.path("data")) {
      String code = error.path("code").asText("");
      String message = error.path("message").asText("");
      refusals.add(refusal(new ErrorBody(message, "", code), line(error.path("line"))));
    }
    return refusals;
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
