package dev.arcticsynth.provider.openai;

import static java.util.Map.entry;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/// The container with the providers and nothing else, and without a database.
public final class WithoutDatabase implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        entry("arctic.home", home()),
        entry("arctic.providers.simulator.type", "simulator"),
        entry("arctic.simulator.running", "200ms"),
        entry(
            "quarkus.arc.exclude-types",
            "dev.arcticsynth.api.**,dev.arcticsynth.database.**,dev.arcticsynth.blob.**,dev.arcticsynth.callback.**,"
                + "dev.arcticsynth.embedded.**,dev.arcticsynth.pipeline.**,dev.arcticsynth.task.**"),
        entry("quarkus.datasource.devservices.enabled", "false"),
        entry("quarkus.datasource.active", "false"),
        entry("quarkus.hibernate-orm.active", "false"),
        entry("quarkus.flyway.active", "false"),
        entry("quarkus.scheduler.enabled", "false"),
        entry("quarkus.shutdown.timeout", "1s"),
        entry("quarkus.http.test-port", "0"));
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(SystemClock.class);
  }

  private static String home() {
    try {
      return Files.createTempDirectory("arctic-home").toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
