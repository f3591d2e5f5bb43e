package dev.arcticsynth.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderContract;
import dev.arcticsynth.provider.simulator.server.Simulator;
import dev.arcticsynth.provider.simulator.server.SimulatorSettings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(WithoutDatabase.class)
class OpenAiProviderTest implements ProviderContract {

  @Inject OpenAiClients clients;
  @Inject Vertx vertx;
  private Simulator simulator;
  private Provider provider;

  @BeforeEach
  void start(@TempDir Path dir) {
    simulator = Simulator.start(vertx, SimulatorSettings.instant(dir), InstantSource.system());
    provider = clients.connect(OpenAiSamples.anAccount(simulator.url()));
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Override
  public Provider provider() {
    return provider;
  }

  @Test
  void it_does_not_show_its_key() {
    assertThat(provider.url() + provider.name() + provider.type() + provider)
        .doesNotContain(OpenAiSamples.KEY);
  }
}
