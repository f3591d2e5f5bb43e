package dev.arcticsynth.task;

import java.util.function.ToIntFunction;

/// How large a partition may be that asks again.
///
/// @param maxFileBytes of its file on the wire
/// @param growth bytes that a line of a model may need more on the wire than it is known to have
public record RepairLimits(int maxRequests, long maxFileBytes, ToIntFunction<String> growth) {

  boolean fit(String model, int requests, long bytes) {
    return requests <= maxRequests
        && bytes + (long) requests * growth.applyAsInt(model) <= maxFileBytes;
  }
}
