package dev.arcticsynth.provider.openai;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// The container for what is built when the application is built: REST clients and configuration.
public final class WithoutDatabase implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.datasource.devservices.enabled", "false",
        "quarkus.datasource.active", "false",
        "quarkus.hibernate-orm.active", "false",
        "quarkus.flyway.active", "false",
        "quarkus.scheduler.enabled", "false",
        "quarkus.http.test-port", "0");
  }
}
