package dev.arcticsynth.provider.openai;

import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/// The container with the providers and nothing else: REST clients are made when the application is
/// built, so their tests need one, but no database.
public final class WithoutDatabase implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "arctic.providers.acme.type", "openai",
        "arctic.providers.acme.url", "http://127.0.0.1:9/v1",
        "quarkus.arc.exclude-types",
            "dev.arcticsynth.api.**,dev.arcticsynth.blob.**,dev.arcticsynth.callback.**,"
                + "dev.arcticsynth.embedded.**,dev.arcticsynth.pipeline.**,dev.arcticsynth.task.**",
        "quarkus.datasource.devservices.enabled", "false",
        "quarkus.datasource.active", "false",
        "quarkus.hibernate-orm.active", "false",
        "quarkus.flyway.active", "false",
        "quarkus.scheduler.enabled", "false",
        "quarkus.http.test-port", "0");
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(Clock.class);
  }

  @Alternative
  @Singleton
  static class Clock {
    @Produces
    @Singleton
    InstantSource clock() {
      return InstantSource.system();
    }
  }
}
