package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.Partition;

/// The url and model in the lines of a file, where the provider's names differ from the caller's. A
/// partition's size counts the caller's names; the size of its file follows from it.
///
/// @param url of every line
/// @param model of every line
public record WireNaming(Partition partition, String url, String model) {

  public static WireNaming of(Partition partition, Provider provider) {
    return of(partition, provider, partition.remoteModel());
  }

  public static WireNaming of(Partition partition, Provider provider, String model) {
    return new WireNaming(partition, provider.lineUrl(partition.endpoint()), model);
  }

  boolean renamesModel() {
    return !model.equals(partition.model());
  }

  public long fileBytes() {
    return partition.wireBytes()
        + (long) partition.requests()
            * (length(url) - length(partition.endpoint()) + longer(partition.model(), model));
  }

  /// By how many bytes a line grows.
  public static int longer(String model, String other) {
    return ModelRewriter.json(other).length - ModelRewriter.json(model).length;
  }

  private static int length(String url) {
    return url.getBytes(UTF_8).length;
  }
}
