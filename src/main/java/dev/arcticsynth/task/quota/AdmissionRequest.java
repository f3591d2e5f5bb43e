package dev.arcticsynth.task.quota;

import dev.arcticsynth.task.PartitionEvent;
import java.util.List;
import java.util.OptionalLong;

/// What a partition is about to do at its provider, subject to admission.
///
/// @param candidates the deployments among which the one with the most headroom is chosen
/// @param enqueues whether tokens are enqueued by it; an upload alone enqueues none
public record AdmissionRequest(List<Candidate> candidates, boolean enqueues) {
  public AdmissionRequest {
    candidates = List.copyOf(candidates);
  }

  /// @param remoteModel what answers; quotas are kept for each
  /// @param configuredLimit of its enqueued input tokens
  /// @param event the event to record when it may begin there
  public record Candidate(String remoteModel, OptionalLong configuredLimit, PartitionEvent event) {}
}
