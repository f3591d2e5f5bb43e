package dev.arcticsynth.provider.simulator.run;

import java.util.Optional;
import java.util.stream.Stream;

/// The endpoints whose requests can travel in a batch.
enum Endpoint {
  CHAT("/v1/chat/completions", "messages"),
  RESPONSES("/v1/responses", "input"),
  EMBEDDINGS("/v1/embeddings", "input"),
  COMPLETIONS("/v1/completions", "prompt"),
  MODERATIONS("/v1/moderations", "input");

  private final String path;
  private final String prompt;

  Endpoint(String path, String prompt) {
    this.path = path;
    this.prompt = prompt;
  }

  static Optional<Endpoint> of(String path) {
    return Stream.of(values()).filter(endpoint -> endpoint.path.equals(path)).findFirst();
  }

  String path() {
    return path;
  }

  /// The member of a request's body that is to be answered.
  String prompt() {
    return prompt;
  }
}
