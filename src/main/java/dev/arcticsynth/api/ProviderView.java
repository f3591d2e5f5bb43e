package dev.arcticsynth.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// A configured provider.
///
/// @param endpoints which request urls it takes
/// @param inFlight partitions submitted and not over
@JsonNaming(SnakeCaseStrategy.class)
public record ProviderView(
    String name, String type, String url, Limits limits, List<String> endpoints, int inFlight) {
  public ProviderView {
    endpoints = List.copyOf(endpoints);
  }

  @JsonNaming(SnakeCaseStrategy.class)
  public record Limits(int maxRequests, long maxFileBytes, int maxEmbeddingInputs) {}
}
