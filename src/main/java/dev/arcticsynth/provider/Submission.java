package dev.arcticsynth.provider;

import java.util.Map;

/// One batch attempt of a partition.
///
/// @param tag identifies the batch attempt at the provider; unique for ever
/// @param endpoint the url of all requests, `/v1/chat/completions`
/// @param model the one model of all requests
/// @param requests how many
/// @param bytes the exact size of the file
/// @param labels metadata of the batch, which distinguishes it from batches of others
public record Submission(
    String tag,
    String endpoint,
    String model,
    int requests,
    long bytes,
    Map<String, String> labels) {
  public Submission {
    labels = Map.copyOf(labels);
  }
}
