package dev.arcticsynth.provider;

import java.util.Set;

/// What one batch may hold.
///
/// @param maxRequests lines in a file
/// @param maxFileBytes size of a file
/// @param maxEmbeddingInputs inputs over all requests of an embeddings batch
/// @param endpoints urls that requests may have
public record BatchLimits(
    int maxRequests, long maxFileBytes, int maxEmbeddingInputs, Set<String> endpoints) {
  public BatchLimits {
    endpoints = Set.copyOf(endpoints);
  }
}
