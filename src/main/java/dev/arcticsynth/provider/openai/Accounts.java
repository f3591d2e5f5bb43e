package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.PollPace;
import dev.arcticsynth.provider.ProviderSettings;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Turns settings into accounts, and says which setting is wrong.
final class Accounts {

  static final URI OPENAI = URI.create("https://api.openai.com/v1");

  private static final int MAX_REQUESTS = 50_000;

  /// OpenAI says 200 MB and not which; this is the smaller.
  private static final long MAX_FILE_BYTES = 200_000_000;

  private static final int MAX_EMBEDDING_INPUTS = 50_000;
  private static final Duration MIN_EXPIRY = Duration.ofHours(1);
  private static final Duration MAX_EXPIRY = Duration.ofDays(30);

  /// Those whose requests we can check; OpenAI's batches take images and videos too.
  private static final Set<String> ENDPOINTS =
      Set.of(
          "/v1/chat/completions",
          "/v1/completions",
          "/v1/embeddings",
          "/v1/moderations",
          "/v1/responses");

  private Accounts() {}

  /// An account at OpenAI, or at a compatible server. Only the latter may do without a key.
  static Account openai(String name, ProviderSettings settings, PollPace pace) {
    String key = apiKey(settings);
    if (settings.url().isEmpty() && key.isEmpty()) {
      throw wrong(name, "api-key", "is missing: OpenAI answers nobody without a key");
    }
    return of(name, settings, settings.url().orElse(OPENAI), key, pace);
  }

  /// An account at a simulator, which wants a key and takes any.
  static Account simulator(String name, ProviderSettings settings, URI url, PollPace pace) {
    String key = apiKey(settings);
    return of(name, settings, url, key.isEmpty() ? "simulator" : key, pace);
  }

  private static Account of(
      String name, ProviderSettings settings, URI url, String key, PollPace pace) {
    return new Account(
        name,
        settings.type(),
        checked(name, url),
        headers(name, settings, key),
        limits(settings),
        pace(name, settings, pace),
        expiry(name, settings),
        positive(name, "connect-timeout", settings.connectTimeout()),
        positive(name, "idle-timeout", settings.idleTimeout()),
        positive(name, "transfer-timeout", settings.transferTimeout()));
  }

  private static URI checked(String name, URI url) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      throw wrong(name, "url", "is no http or https address like " + OPENAI);
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw wrong(name, "url", "may hold a scheme, a host, a port and a path, and nothing else");
    }
    return URI.create(url.toString().replaceAll("/+$", ""));
  }

  private static Map<String, String> headers(String name, ProviderSettings settings, String key) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", "ArcticSynth");
    if (!key.isEmpty()) {
      headers.put("Authorization", "Bearer " + header(name, "api-key", key));
    }
    settings
        .organization()
        .ifPresent(id -> headers.put("OpenAI-Organization", header(name, "organization", id)));
    settings.project().ifPresent(id -> headers.put("OpenAI-Project", header(name, "project", id)));
    return headers;
  }

  private static String apiKey(ProviderSettings settings) {
    // Keys read from files tend to end with the line.
    return settings.apiKey().map(String::strip).orElse("");
  }

  private static String header(String name, String setting, String value) {
    String stripped = value.strip();
    if (stripped.isEmpty() || !stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw wrong(name, setting, "has characters that cannot be sent");
    }
    return stripped;
  }

  private static BatchLimits limits(ProviderSettings settings) {
    return new BatchLimits(
        settings.maxRequests().orElse(MAX_REQUESTS),
        settings.maxFileBytes().orElse(MAX_FILE_BYTES),
        settings.maxEmbeddingInputs().orElse(MAX_EMBEDDING_INPUTS),
        ENDPOINTS);
  }

  private static PollPace pace(String name, ProviderSettings settings, PollPace pace) {
    Duration first = positive(name, "poll.first", settings.poll().first().orElse(pace.first()));
    Duration max = settings.poll().max().orElse(max(first, pace.max()));
    if (max.compareTo(first) < 0) {
      throw wrong(name, "poll.max", "is shorter than poll.first");
    }
    return new PollPace(first, max);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration expiry(String name, ProviderSettings settings) {
    Duration expiry = settings.fileExpiry();
    if (expiry.compareTo(MIN_EXPIRY) < 0 || expiry.compareTo(MAX_EXPIRY) > 0) {
      throw wrong(name, "file-expiry", "must be between 1 hour and 30 days");
    }
    return expiry;
  }

  private static Duration positive(String name, String setting, Duration value) {
    if (!value.isPositive() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw wrong(name, setting, "must be more than nothing and at most a day");
    }
    return value;
  }

  private static IllegalStateException wrong(String name, String setting, String why) {
    return new IllegalStateException("arctic.providers.%s.%s %s.".formatted(name, setting, why));
  }
}
