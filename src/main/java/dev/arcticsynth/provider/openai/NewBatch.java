package dev.arcticsynth.provider.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.Submission;
import java.util.Map;

/// The body of the call that creates a batch.
final class NewBatch {

  /// Where a batch carries the tag of its submission.
  static final String TAG = "arctic_tag";

  private static final int MAX_LABELS = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 512;

  private NewBatch() {}

  static String of(Submission submission, String fileId, Dialect dialect) {
    ObjectNode batch = JsonNodeFactory.instance.objectNode();
    batch.put("input_file_id", fileId);
    batch.put("endpoint", dialect.url(submission.endpoint()));
    batch.put("completion_window", "24h");
    batch.set("metadata", metadata(submission));
    return batch.toString();
  }

  /// The tag identifies our batches and comes first; labels are optional.
  private static ObjectNode metadata(Submission submission) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put(TAG, tag(submission));
    submission.labels().entrySet().stream()
        .filter(label -> !label.getKey().isBlank() && !label.getKey().equals(TAG))
        .sorted(Map.Entry.comparingByKey())
        .limit(MAX_LABELS - 1)
        .forEach(
            label -> metadata.put(cut(label.getKey(), MAX_KEY), cut(label.getValue(), MAX_VALUE)));
    return metadata;
  }

  /// The tag as a batch carries it.
  static String tag(Submission submission) {
    return cut(submission.tag(), MAX_VALUE);
  }

  private static String cut(String text, int max) {
    return text.codePointCount(0, text.length()) <= max
        ? text
        : text.substring(0, text.offsetByCodePoints(0, max));
  }
}
