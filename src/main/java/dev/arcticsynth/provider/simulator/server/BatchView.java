package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.store.BatchError;
import dev.arcticsynth.provider.simulator.store.BatchSchedule;
import dev.arcticsynth.provider.simulator.store.StateJson;
import dev.arcticsynth.provider.simulator.store.StoredBatch;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Output;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Status;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Validation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A batch as the wire shows it.
final class BatchView {
  private BatchView() {}

  static ObjectNode of(StoredBatch batch, Instant now) {
    return of(batch, batch.status(now), now);
  }

  /// Shows the batch in a status that need not be its own.
  static ObjectNode of(StoredBatch batch, Status status, Instant now) {
    ObjectNode view =
        StateJson.object()
            .put("id", batch.id())
            .put("object", "batch")
            .put("endpoint", batch.endpoint())
            .put("input_file_id", batch.inputFileId())
            .put("completion_window", "24h")
            .put("status", status.wire());
    errors(view, batch.validation(), status);
    times(view, batch, status);
    files(view, batch.output(), status);
    counts(view, batch, status, now);
    if (batch.metadata() == null) {
      view.putNull("metadata");
    } else {
      view.putPOJO("metadata", batch.metadata());
    }
    return view;
  }

  private static void errors(ObjectNode view, @Nullable Validation validation, Status status) {
    if (validation == null || status != Status.FAILED) {
      view.putNull("errors");
      return;
    }
    ArrayNode data = view.putObject("errors").put("object", "list").putArray("data");
    for (BatchError error : validation.errors()) {
      data.addObject()
          .put("code", error.code())
          .put("message", error.message())
          .put("param", error.param())
          .put("line", error.line());
    }
  }

  private static void times(ObjectNode view, StoredBatch batch, Status status) {
    BatchSchedule batchSchedule = batch.plan();
    Validation validation = batch.validation();
    boolean ran = validation != null && !validation.isFailed() && status != Status.VALIDATING;
    boolean finalized = status == Status.FINALIZING || status == Status.COMPLETED;
    Instant end = batch.endsAt();
    time(view, "created_at", batchSchedule.createdAt(), true);
    time(view, "in_progress_at", batchSchedule.validatedAt(), ran);
    time(view, "expires_at", batchSchedule.expiresAt(), true);
    time(view, "finalizing_at", batchSchedule.answeredAt(), finalized);
    time(view, "completed_at", end, status == Status.COMPLETED);
    time(view, "failed_at", batchSchedule.validatedAt(), status == Status.FAILED);
    time(view, "expired_at", end, status == Status.EXPIRED);
    time(view, "cancelling_at", batch.cancelledAt(), batch.cancelledAt() != null);
    time(view, "cancelled_at", end, status == Status.CANCELLED);
  }

  private static void time(ObjectNode view, String name, @Nullable Instant at, boolean happened) {
    if (at == null || !happened) {
      view.putNull(name);
    } else {
      view.put(name, at.getEpochSecond());
    }
  }

  private static void files(ObjectNode view, @Nullable Output output, Status status) {
    if (output == null || !status.isTerminal()) {
      view.putNull("output_file_id").putNull("error_file_id");
      return;
    }
    view.put("output_file_id", output.outputFileId());
    view.put("error_file_id", output.errorFileId());
    ObjectNode usage = view.putObject("usage");
    usage.put("input_tokens", output.inputTokens());
    usage.putObject("input_tokens_details").put("cached_tokens", 0);
    usage.put("output_tokens", output.outputTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
    usage.put("total_tokens", output.inputTokens() + output.outputTokens());
  }

  private static void counts(ObjectNode view, StoredBatch batch, Status status, Instant now) {
    Validation validation = batch.validation();
    Output output = batch.output();
    int total = validation == null || status == Status.VALIDATING ? 0 : validation.total();
    int running = (int) (total * batch.plan().progress(now));
    view.putObject("request_counts")
        .put("total", total)
        .put("completed", output == null ? running : output.completed())
        .put("failed", output == null ? 0 : output.failed());
  }
}
