package dev.arcticsynth.provider;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What can be set for one provider. Which of it is needed depends on the type.
public interface ProviderSettings {

  /// `openai`, `simulator` …
  String type();

  /// Where the API is, with its version: `https://api.openai.com/v1`.
  Optional<URI> url();

  /// A secret. Never printed, never stored.
  Optional<String> apiKey();

  /// The organisation that pays, where a key belongs to several.
  Optional<String> organization();

  /// The project that pays, where a key belongs to several.
  Optional<String> project();

  /// Proves that webhooks are from the provider: `whsec_…`. A secret. Absent: none are taken.
  Optional<String> webhookSecret();

  /// Requests in one batch. Absent: what the type accepts.
  Optional<@Positive Integer> maxRequests();

  /// Bytes in one file. Absent: what the type accepts.
  Optional<@Positive Long> maxFileBytes();

  /// Inputs over all requests of an embeddings batch. Absent: what the type accepts.
  Optional<@Positive Integer> maxEmbeddingInputs();

  /// Input tokens that may be enqueued at a time, by model, or for [#ANY_MODEL]. Absent: learned
  /// from the provider's refusals. A limit that is learned replaces a higher one that is set.
  Map<String, @Positive Long> enqueuedTokens();

  /// In [#enqueuedTokens]: each model that is not named.
  String ANY_MODEL = "default";

  Poll poll();

  /// How long the provider keeps what we upload, should we not delete it. OpenAI: 1 hour to 30
  /// days.
  @WithDefault("30d")
  Duration fileExpiry();

  /// How long to wait for a connection.
  @WithDefault("10s")
  Duration connectTimeout();

  /// How long a transfer may stand still.
  @WithDefault("60s")
  Duration idleTimeout();

  /// How long a transfer may take in all.
  @WithDefault("1h")
  Duration transferTimeout();

  /// How often to ask about a batch. Absent: `arctic.poll`.
  interface Poll {
    Optional<Duration> first();

    Optional<Duration> max();
  }
}
