package dev.arcticsynth.pipeline;

import static java.util.Map.entry;

import dev.arcticsynth.support.PostgresForTests;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The whole service, with a simulator behind the real wire and a clock that only tests move.
public class FlowProfile implements QuarkusTestProfile {

  /// The deployment's secrets for callbacks, the current one first.
  static final String SECRETS = "whsec_" + "Y3Vy".repeat(8) + ",whsec_" + "b2xk".repeat(8);

  /// What the simulator would sign its webhooks with.
  static final String WEBHOOK_SECRET = "whsec_" + "c2lt".repeat(8);

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.ofEntries(
        entry("arctic.home", home()),
        entry("arctic.providers.simulator.type", "simulator"),
        entry("arctic.providers.simulator.max-embedding-inputs", "4"),
        entry("arctic.providers.simulator.idle-timeout", "1s"),
        entry("arctic.providers.simulator.enqueued-tokens.\"gpt-4.small\"", "150"),
        entry("arctic.providers.simulator.transfer-timeout", "4s"),
        entry("arctic.providers.simulator.poll.first", "15s"),
        entry("arctic.providers.simulator.poll.max", "5m"),
        entry("arctic.simulator.validating", "5s"),
        entry("arctic.simulator.running", "100s"),
        entry("arctic.simulator.finalizing", "5s"),
        entry("arctic.simulator.cancelling", "10s"),
        entry("arctic.lease", "120s"),
        entry("arctic.submit.settle", "120s"),
        entry("arctic.audit.every", "3650d"),
        entry("arctic.flow.max-downloads", "3"),
        entry("arctic.callback.secrets", SECRETS),
        entry("arctic.callback.key", "a2V5IGtleSBrZXkga2V5IGtleSBrZXkga2V5IGtleSE="),
        entry("arctic.callback.allow", "127.0.0.0/8"),
        entry("arctic.callback.timeout", "2s"),
        entry("arctic.providers.simulator.webhook-secret", WEBHOOK_SECRET),
        entry("quarkus.scheduler.enabled", "false"),
        entry("quarkus.log.category.\"dev.arcticsynth\".level", "ERROR"),
        entry("quarkus.shutdown.timeout", "1s"));
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(FlowClock.class);
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(PostgresForTests.class));
  }

  private static String home() {
    try {
      return Files.createTempDirectory("arctic-home").toString();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
