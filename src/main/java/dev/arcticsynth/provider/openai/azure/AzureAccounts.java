package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.http.ApiVersion;
import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.http.CustomHeaders;
import dev.arcticsynth.provider.http.HttpCredentials;
import dev.arcticsynth.provider.http.SettingChecks;
import dev.arcticsynth.provider.openai.Account;
import dev.arcticsynth.provider.openai.Accounts;
import dev.arcticsynth.provider.openai.Dialect;
import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import dev.arcticsynth.provider.openai.OpenAiConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns settings into accounts at Azure OpenAI.
public final class AzureAccounts {

  private static final String EXAMPLE = "https://acme.openai.azure.com";
  private static final int MAX_REQUESTS = 100_000;
  private static final long MAX_FILE_BYTES = 200_000_000;

  /// It asks for a minute at least.
  private static final Duration SLOWEST = Duration.ofSeconds(60);

  /// Azure documents 14 days and refuses less; without an expiry it keeps 500 files and no more.
  private static final Duration MIN_EXPIRY = Duration.ofDays(14);

  /// An hour after the window: a batch that is not over by then never ends.
  private static final Duration DEADLINE = Duration.ofHours(25);

  private static final String CHAT = "/v1/chat/completions";

  /// Azure's batches take no others.
  private static final Set<String> ENDPOINTS = Set.of(CHAT, "/v1/responses");

  /// As in its guide to batches, for both surfaces.
  private static final Map<String, String> URLS = Map.of(CHAT, "/chat/completions");

  private static final String NO_DEPLOYMENT =
      "On Azure a model is called by the name of its deployment, of type Global Batch or Data Zone"
          + " Batch. Use that name in `model`, or list it under arctic.providers.%s.pools.";

  private final String name;
  private final ProviderSettings settings;
  private final OpenAiConfig.Settings more;
  private final PollPace pace;
  private final SettingChecks settingChecks;

  public AzureAccounts(
      String name, ProviderSettings settings, OpenAiConfig.Settings more, PollPace pace) {
    this.name = name;
    this.settings = settings;
    this.more = more;
    this.pace = pace;
    this.settingChecks = new SettingChecks(name);
  }

  public Account azure(HttpCredentials httpCredentials) {
    URI endpoint =
        more.endpoint()
            .orElseThrow(() ->
                settingChecks.wrong(
                    "endpoint", "is missing: the resource's address, like " + EXAMPLE));
    return at(endpoint, httpCredentials, slower());
  }

  /// By a ready access token, if one is set.
  public Optional<HttpCredentials> token() {
    return more.token()
        .map(token ->
            HttpCredentials.fixed(
                Map.of(
                    "User-Agent",
                    "ArcticSynth",
                    "Authorization",
                    "Bearer " + settingChecks.header("token", token))));
  }

  /// By the key that is set.
  public HttpCredentials key() {
    String key = Accounts.apiKey(settings);
    if (key.isEmpty()) {
      throw settingChecks.wrong(
          "api-key",
          "is missing, and so are arctic.providers.%1$s.entra.client-secret and .token-file: Azure requires one of them"
              .formatted(name));
    }
    return HttpCredentials.fixed(
        Map.of(
            "User-Agent",
            "ArcticSynth",
            settingChecks.header("key-header", more.keyHeader()),
            settingChecks.header("api-key", key)));
  }

  /// An account at a simulator with Azure's API.
  public Account simulator(URI endpoint) {
    return at(
        endpoint,
        HttpCredentials.fixed(Map.of("User-Agent", "ArcticSynth", more.keyHeader(), "simulator")),
        pace);
  }

  private Account at(URI endpoint, HttpCredentials httpCredentials, PollPace usual) {
    return new Account(
        name,
        settings.type(),
        base(settingChecks.url("endpoint", endpoint, EXAMPLE)),
        CustomHeaders.of(httpCredentials, settings.headers(), settingChecks),
        new Dialect(
                more.apiVersion().map(this::version),
                Dialect.PURPOSE,
                more.expiryForm().orElse(ExpiryForm.DOTS),
                true,
                false,
                more.urls().isEmpty() ? URLS : more.urls(),
                Map.of(
                    "model_not_found",
                    NO_DEPLOYMENT.formatted(name),
                    "deployment_not_found",
                    NO_DEPLOYMENT.formatted(name)))
            .with(Accounts.query(settingChecks, settings)),
        new BatchLimits(
            settings.maxRequests().orElse(MAX_REQUESTS),
            settings.maxFileBytes().orElse(MAX_FILE_BYTES),
            settings.maxEmbeddingInputs().orElse(MAX_REQUESTS),
            ENDPOINTS),
        Accounts.pace(settingChecks, settings, usual),
        more.pools(),
        Optional.of(deadline()),
        Accounts.transfers(settingChecks, settings, MIN_EXPIRY));
  }

  /// Users know the address with and without the path of the API.
  private URI base(URI endpoint) {
    String root = endpoint.toString().replaceFirst("/openai(/v1)?$", "");
    return URI.create(root + (more.apiVersion().isPresent() ? "/openai" : "/openai/v1"));
  }

  private String version(String version) {
    if (!ApiVersion.isWellFormed(version)) {
      throw settingChecks.wrong(
          "api-version",
          "is no date like 2024-10-21; leave it out for the API v1, which needs none");
    }
    return version;
  }

  private Duration deadline() {
    return settingChecks.between(
        "batch-deadline",
        more.batchDeadline().orElse(DEADLINE),
        Duration.ofHours(1),
        Duration.ofDays(30));
  }

  private PollPace slower() {
    return new PollPace(
        pace.first().compareTo(SLOWEST) < 0 ? SLOWEST : pace.first(),
        pace.max().compareTo(SLOWEST) < 0 ? SLOWEST : pace.max());
  }
}
