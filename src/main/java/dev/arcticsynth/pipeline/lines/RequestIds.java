package dev.arcticsynth.pipeline.lines;

import java.util.OptionalLong;

/// The names that the requests of a partition have on its provider's wire.
public interface RequestIds {

  /// The sequence number of a request by its name; empty when the name is none of this partition's.
  OptionalLong read(String id);
}
