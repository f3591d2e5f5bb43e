package dev.arcticsynth.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The urls that requests may have, and the member without which a body makes no sense there
/// (OpenAI's API description 2.3.0).
final class Endpoints {

  static final String CHAT = "/v1/chat/completions";
  static final String EMBEDDINGS = "/v1/embeddings";

  private static final Map<String, String> REQUIRED =
      Map.of(
          CHAT,
          "messages",
          "/v1/responses",
          "input",
          EMBEDDINGS,
          "input",
          "/v1/completions",
          "prompt",
          "/v1/moderations",
          "input");

  private Endpoints() {}

  /// The url as providers know it; Azure's users write it without `/v1`.
  static Optional<String> canonical(String url) {
    String full = url.startsWith("/v1/") ? url : "/v1" + url;
    return REQUIRED.containsKey(full) ? Optional.of(full) : Optional.empty();
  }

  static String requiredMember(String endpoint) {
    return REQUIRED.getOrDefault(endpoint, "model");
  }

  static List<String> all() {
    return REQUIRED.keySet().stream().sorted().toList();
  }
}
