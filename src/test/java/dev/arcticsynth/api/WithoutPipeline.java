package dev.arcticsynth.api;

import dev.arcticsynth.support.PostgresForTests;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The service with its database and a provider without a server behind it; nothing moves by
/// itself. Bodies are kept small.
public final class WithoutPipeline implements QuarkusTestProfile {

  static final int MAX_LINE = 2_000;
  static final int MAX_BODY = 100_000;
  static final int MAX_JSON = 80_000;
  static final int MAX_REQUESTS = 1_000;
  static final int MAX_MODELS = 20;

  @Override
  public Map<String, String> getConfigOverrides() {
    var settings =
        new HashMap<>(
            Map.of(
                "quarkus.scheduler.enabled",
                "false",
                "arctic.providers.nowhere.type",
                "openai",
                "arctic.providers.nowhere.url",
                "http://127.0.0.1:1/v1",
                "arctic.providers.nowhere.api-key",
                "none",
                "arctic.ingest.max-line-bytes",
                String.valueOf(MAX_LINE),
                "arctic.ingest.max-bytes",
                String.valueOf(MAX_BODY),
                "arctic.ingest.max-json-bytes",
                String.valueOf(MAX_JSON),
                "arctic.ingest.max-requests",
                String.valueOf(MAX_REQUESTS),
                "arctic.ingest.max-models",
                String.valueOf(MAX_MODELS)));
    settings.put("arctic.http.allowed-hosts", "batch.example.com,*.svc.cluster.local");
    settings.put("arctic.http.allowed-origins", "https://console.example.com");
    return settings;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(PostgresForTests.class));
  }
}
