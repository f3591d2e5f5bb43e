package dev.arcticsynth.task.quota;

import dev.arcticsynth.task.PartitionEvent;
import java.util.List;
import java.util.OptionalLong;

/// What a partition is about to do at its provider, if the account lets it.
///
/// @param ways the one, or those among which the one with the most room is chosen
/// @param enqueues whether tokens are enqueued by it; an upload alone enqueues none
public record AdmissionRequest(List<Candidate> ways, boolean enqueues) {
  public AdmissionRequest {
    ways = List.copyOf(ways);
  }

  /// @param remoteModel what answers; quotas are kept for each
  /// @param configuredLimit of its enqueued input tokens
  /// @param event what is on record when it may begin this way
  public record Candidate(String remoteModel, OptionalLong configuredLimit, PartitionEvent event) {}
}
