package dev.arcticsynth.api.model;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/// Which batches of another client's belong to a task now.
///
/// @param adopted partitions of the task from now on
/// @param left those that are not
@JsonNaming(SnakeCaseStrategy.class)
public record AdoptionView(List<AdoptedView> adopted, List<LeftView> left) {
  public AdoptionView {
    adopted = List.copyOf(adopted);
    left = List.copyOf(left);
  }

  /// A batch that was taken over.
  @JsonNaming(SnakeCaseStrategy.class)
  public record AdoptedView(String batchId, String fileId, int requests) {}

  /// A batch that was not.
  @JsonNaming(SnakeCaseStrategy.class)
  public record LeftView(String batchId, String reason) {}
}
