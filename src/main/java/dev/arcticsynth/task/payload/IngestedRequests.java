package dev.arcticsynth.task.payload;

import java.util.List;
import java.util.UUID;

/// Requests that are stored and wait to be added to a task.
///
/// @param hasExplicitIds some came with an id
/// @param hasGeneratedIds some came without one
/// @param hasLookalikeIds some ids have the form of generated ones
/// @param chunks numbered from 0; the task gives them their place
public record IngestedRequests(
    UUID blobId,
    long requests,
    boolean hasExplicitIds,
    boolean hasGeneratedIds,
    boolean hasLookalikeIds,
    List<RequestChunk> chunks) {
  public IngestedRequests {
    chunks = List.copyOf(chunks);
  }
}
