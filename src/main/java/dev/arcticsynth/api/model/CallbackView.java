package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A delivery as its task's owner sees it.
///
/// @param id the header `webhook-id` of every attempt
/// @param n which completion of the task it reports, from 1
/// @param state `pending`, `delivered` or `dead`
/// @param nextAttemptAt while it is pending
/// @param endedAt when it was delivered or given up
/// @param attempts the newest hundred, the oldest first
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallbackView(
    String id,
    int n,
    String event,
    String url,
    String state,
    Instant createdAt,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant endedAt,
    List<Attempt> attempts) {

  /// One delivery attempt.
  ///
  /// @param error `destination_not_allowed`, `dns_failed`, `tls_failed`, `timeout`,
  ///   `connection_failed` or `status`; absent where it was delivered
  /// @param answer the first kilobyte of the receiver's response
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attempt(
      int n,
      Instant at,
      long latencyMs,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable String answer) {}
}
