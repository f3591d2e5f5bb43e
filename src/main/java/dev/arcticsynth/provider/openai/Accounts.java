package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.http.CustomHeaders;
import dev.arcticsynth.provider.http.HttpCredentials;
import dev.arcticsynth.provider.http.SettingChecks;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Turns settings into accounts at OpenAI and at compatible servers.
public final class Accounts {

  private static final int MAX_EMBEDDING_INPUTS = 50_000;
  private static final Duration MIN_EXPIRY = Duration.ofHours(1);
  private static final Duration MAX_EXPIRY = Duration.ofDays(30);

  private final String name;
  private final ProviderSettings settings;
  private final OpenAiConfig.Settings more;
  private final PollPace pace;
  private final SettingChecks settingChecks;

  public Accounts(
      String name, ProviderSettings settings, OpenAiConfig.Settings more, PollPace pace) {
    this.name = name;
    this.settings = settings;
    this.more = more;
    this.pace = pace;
    this.settingChecks = new SettingChecks(name);
  }

  /// An account at OpenAI or another vendor, or at a compatible server. Only the latter may do
  /// without a key.
  Account openai() {
    String key = apiKey(settings);
    if (settings.url().isEmpty() && key.isEmpty()) {
      throw settingChecks.wrong("api-key", "is missing: this provider requires a key");
    }
    return at(settings.url().orElse(more.profile().url()), key);
  }

  /// An account at a simulator, which requires a key and accepts any.
  public Account simulator(URI url) {
    String key = apiKey(settings);
    return at(url, key.isEmpty() ? "simulator" : key);
  }

  private Account at(URI url, String key) {
    Vendor vendor = more.profile();
    return new Account(
        name,
        settings.type(),
        settingChecks.url("url", url, Vendor.OPENAI.url().toString()),
        CustomHeaders.of(HttpCredentials.fixed(headers(key)), settings.headers(), settingChecks),
        new Dialect(
                Optional.empty(),
                vendor.purpose(),
                more.expiryForm().orElse(vendor.expiry()),
                false,
                vendor == Vendor.TOGETHER,
                more.urls(),
                Map.of())
            .with(query(settingChecks, settings)),
        new BatchLimits(
            settings.maxRequests().orElse(vendor.maxRequests()),
            settings.maxFileBytes().orElse(vendor.maxFileBytes()),
            settings.maxEmbeddingInputs().orElse(MAX_EMBEDDING_INPUTS),
            vendor.endpoints()),
        pace(settingChecks, settings, pace),
        more.pools(),
        more.batchDeadline(),
        transfers(settingChecks, settings, MIN_EXPIRY));
  }

  private Map<String, String> headers(String key) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "ArcticSynth");
    if (!key.isEmpty()) {
      headers.put("Authorization", "Bearer " + settingChecks.header("api-key", key));
    }
    settings
        .organization()
        .ifPresent(
            id -> headers.put("OpenAI-Organization", settingChecks.header("organization", id)));
    settings
        .project()
        .ifPresent(id -> headers.put("OpenAI-Project", settingChecks.header("project", id)));
    return headers;
  }

  /// Their values are sent encoded, whatever they are.
  public static Map<String, String> query(SettingChecks settingChecks, ProviderSettings settings) {
    settings
        .query()
        .forEach((name, value) -> {
          if (name.isBlank()
              || value.isEmpty()
              || value.chars().anyMatch(Character::isISOControl)) {
            throw settingChecks.wrong("query." + name, "has characters that cannot be sent");
          }
        });
    return settings.query();
  }

  public static String apiKey(ProviderSettings settings) {
    // Keys read from files tend to end with the line.
    return settings.apiKey().map(String::strip).orElse("");
  }

  public static PollPace pace(
      SettingChecks settingChecks, ProviderSettings settings, PollPace pace) {
    Duration first =
        settingChecks.atMostADay("poll.first", settings.poll().first().orElse(pace.first()));
    Duration max = settings.poll().max().orElse(max(first, pace.max()));
    if (max.compareTo(first) < 0) {
      throw settingChecks.wrong("poll.max", "is shorter than poll.first");
    }
    return new PollPace(first, max);
  }

  public static Account.Transfers transfers(
      SettingChecks settingChecks, ProviderSettings settings, Duration least) {
    return new Account.Transfers(
        settingChecks.between("file-expiry", settings.fileExpiry(), least, MAX_EXPIRY),
        settingChecks.atMostADay("connect-timeout", settings.connectTimeout()),
        settingChecks.atMostADay("idle-timeout", settings.idleTimeout()),
        settingChecks.atMostADay("transfer-timeout", settings.transferTimeout()));
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
