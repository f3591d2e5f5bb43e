package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A task as its owner sees it.
///
/// @param state `open`, `running`, `completed`, `cancelling`, `cancelled` or `failed`
/// @param partitions how many partitions are in which state, lower case
/// @param waitingFor what a running task waits for; absent when it waits for nothing
/// @param stoppedBy `caller` or `deadline`; only in states `cancelling` and `cancelled`
/// @param deadline when it ends, whatever is answered by then
/// @param failure why nothing could be run; only in state `failed`
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TaskView(
    String name,
    String state,
    String provider,
    @Nullable String model,
    @Nullable String endpoint,
    boolean auto,
    Counts counts,
    Map<String, Integer> partitions,
    Usage usage,
    @Nullable WaitingFor waitingFor,
    @Nullable String failure,
    @Nullable String stoppedBy,
    Map<String, String> metadata,
    @Nullable Instant deadline,
    Instant createdAt,
    @Nullable Instant submittedAt,
    @Nullable Instant finishedAt) {

  /// Requests by outcome, counted from lines; `answered` is what providers claim of running batches
  /// plus what is counted, meant for a progress bar only.
  @JsonNaming(SnakeCaseStrategy.class)
  public record Counts(long total, long succeeded, long failed, long cancelled, long answered) {}

  /// Tokens billed, as stated in the answers.
  @JsonNaming(SnakeCaseStrategy.class)
  public record Usage(long inputTokens, long outputTokens, long totalTokens) {}

  /// @param reason `batch` while batches run as they should, else `caller`, `file`, `provider`,
  ///   `retry`, `quota`, `credentials` or `operator`
  /// @param until when the next move is due
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WaitingFor(String reason, String detail, @Nullable Instant until) {}
}
