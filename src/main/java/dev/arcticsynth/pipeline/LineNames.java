package dev.arcticsynth.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.Partition;

/// What the lines of a file call url and model, where the provider wants other words than callers
/// use. A partition's size counts the callers' words; the size of its file follows from it.
///
/// @param url of every line
/// @param model of every line
record LineNames(Partition partition, String url, String model) {

  static LineNames of(Partition partition, Provider provider) {
    return of(partition, provider, partition.remoteModel());
  }

  static LineNames of(Partition partition, Provider provider, String model) {
    return new LineNames(partition, provider.lineUrl(partition.endpoint()), model);
  }

  boolean renamesModel() {
    return !model.equals(partition.model());
  }

  long fileBytes() {
    return partition.wireBytes()
        + (long) partition.requests()
            * (length(url) - length(partition.endpoint()) + longer(partition.model(), model));
  }

  /// By how many bytes a line grows.
  static int longer(String model, String other) {
    return ModelName.json(other).length - ModelName.json(model).length;
  }

  private static int length(String url) {
    return url.getBytes(UTF_8).length;
  }
}
