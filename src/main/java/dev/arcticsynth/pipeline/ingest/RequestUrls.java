package dev.arcticsynth.pipeline.ingest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The urls that requests may have (OpenAI's API description 2.3.0). How many requests and bytes go
/// into a batch depends on the provider, not on the url; see
/// [dev.arcticsynth.provider.BatchLimits].
public final class RequestUrls {

  public static final String CHAT = "/v1/chat/completions";
  public static final String EMBEDDINGS = "/v1/embeddings";
  static final String RESPONSES = "/v1/responses";

  /// What is particular about each.
  ///
  /// A member of a body without which it makes no sense, one of several; and whether the inputs of
  /// all requests are counted against a limit of the batch.
  private enum Endpoint {
    CHAT_COMPLETIONS(CHAT, false, "messages"),
    /// A template at the provider may be all of the input.
    RESPONSE(RESPONSES, false, "input", "prompt"),
    EMBEDDING(EMBEDDINGS, true, "input"),
    COMPLETION("/v1/completions", false, "prompt"),
    MODERATION("/v1/moderations", false, "input");

    private final String url;
    private final boolean countsInputs;
    private final List<String> needs;

    Endpoint(String url, boolean countsInputs, String... needs) {
      this.url = url;
      this.countsInputs = countsInputs;
      this.needs = List.of(needs);
    }
  }

  /// Looked up for every request.
  private static final Map<String, Endpoint> BY_URL =
      Stream.of(Endpoint.values()).collect(Collectors.toMap(e -> e.url, e -> e));

  private RequestUrls() {}

  /// The url as providers know it; Azure's users write it without `/v1`.
  public static Optional<String> canonical(String url) {
    String full = url.startsWith("/v1/") ? url : "/v1" + url;
    return find(full).map(endpoint -> endpoint.url);
  }

  /// A body has at least one of these.
  static List<String> needs(String url) {
    return find(url).map(endpoint -> endpoint.needs).orElse(List.of("model"));
  }

  /// Whether a provider limits the inputs over a whole batch.
  static boolean countsInputs(String url) {
    return find(url).filter(endpoint -> endpoint.countsInputs).isPresent();
  }

  static Set<String> all() {
    return BY_URL.keySet();
  }

  private static Optional<Endpoint> find(String url) {
    return Optional.ofNullable(BY_URL.get(url));
  }
}
