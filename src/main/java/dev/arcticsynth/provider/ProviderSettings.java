package dev.arcticsynth.provider;

import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Settings of one provider. Which of them are needed depends on the type.
public interface ProviderSettings {

  /// `openai`, `azure-openai` or `simulator`. It defines the provider; the others are optional.
  String type();

  /// Base URL of the API with its version, such as `https://api.openai.com/v1`.
  Optional<URI> url();

  /// The API key. Never printed or stored.
  Optional<String> apiKey();

  /// The organisation to bill, where a key belongs to several.
  Optional<String> organization();

  /// The project to bill, where a key belongs to several.
  Optional<String> project();

  /// Further headers of every call to the provider, by name, for gateways; one of a name that we
  /// send, too, replaces ours. As a variable, `X-Team` of a provider `acme` is
  /// `ARCTIC_PROVIDERS_ACME_HEADERS__X_TEAM_`. Never printed or stored.
  Map<String, String> headers();

  /// Further query parameters of every call to the provider, by name. Never printed or stored.
  Map<String, String> query();

  /// Secret (`whsec_…`) that the provider signs its webhooks with. Absent: webhooks are refused.
  Optional<String> webhookSecret();

  /// Most requests in one batch. Absent: what the type accepts.
  Optional<@Positive Integer> maxRequests();

  /// Most bytes in one file. Absent: what the type accepts.
  Optional<@Positive Long> maxFileBytes();

  /// Most inputs over all requests of an embeddings batch. Absent: what the type accepts.
  Optional<@Positive Integer> maxEmbeddingInputs();

  /// Input tokens that may be enqueued at a time, by model; the key `default` stands for each model
  /// without its own. Absent: learned from the provider's refusals. A learned limit replaces a
  /// higher one that is set.
  Map<String, @Positive Long> enqueuedTokens();

  /// In [#enqueuedTokens]: each model that is not named.
  String ANY_MODEL = "default";

  /// Intervals of this provider.
  Poll poll();

  /// Expiry of uploaded files, for those that are not deleted earlier. OpenAI accepts 1 hour to 30
  /// days, Azure 14 to 30 days.
  @WithDefault("30d")
  Duration fileExpiry();

  /// Limit for opening a connection.
  @WithDefault("10s")
  Duration connectTimeout();

  /// Limit for a transfer in which nothing moves.
  @WithDefault("60s")
  Duration idleTimeout();

  /// Limit for a whole transfer.
  @WithDefault("1h")
  Duration transferTimeout();

  /// Intervals at which the status of a batch is read. Absent: those of `arctic.poll`; for the
  /// simulator `500ms` and `1s`.
  interface Poll {
    /// First interval after a batch was created.
    Optional<Duration> first();

    /// Longest interval.
    Optional<Duration> max();
  }
}
