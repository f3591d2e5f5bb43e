package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A configured provider.
///
/// @param endpoints which request urls it takes
/// @param inFlight partitions submitted and not over
/// @param quota limits of enqueued tokens that are known, by model
@JsonNaming(SnakeCaseStrategy.class)
public record ProviderView(
    String name,
    String type,
    String url,
    Limits limits,
    List<String> endpoints,
    int inFlight,
    @Nullable Health health,
    @Nullable List<Quota> quota) {

  /// A provider with an account of unknown state.
  public ProviderView(
      String name, String type, String url, Limits limits, List<String> endpoints, int inFlight) {
    this(name, type, url, limits, endpoints, inFlight, null, null);
  }

  public ProviderView {
    endpoints = List.copyOf(endpoints);
    quota = quota == null ? null : List.copyOf(quota);
  }

  /// Whether anything new is begun on the account.
  ///
  /// @param state `ok`, or `parked`: a person must act
  /// @param waitsFor `credentials` or `operator`
  /// @param until when it is tried again without a person
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Health(
      String state, @Nullable String waitsFor, @Nullable String because, @Nullable Instant until) {}

  /// Input tokens that may be enqueued at a time, as the service estimates them.
  ///
  /// @param inFlight tokens enqueued now
  /// @param partitions that have them enqueued
  /// @param waiting partitions that wait for capacity
  /// @param learnedAt absent where the limit is configured and was never refused
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Quota(
      String model,
      long limit,
      long inFlight,
      int partitions,
      int waiting,
      @Nullable Instant learnedAt,
      @Nullable Instant lastRefusedAt) {}

  @JsonNaming(SnakeCaseStrategy.class)
  public record Limits(int maxRequests, long maxFileBytes, int maxEmbeddingInputs) {}
}
