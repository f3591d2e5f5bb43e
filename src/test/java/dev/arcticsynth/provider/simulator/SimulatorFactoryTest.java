package dev.arcticsynth.provider.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderContract;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.provider.openai.WithoutDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/// What a newcomer gets: a simulator in the same process, behind the real wire.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class SimulatorFactoryTest implements ProviderContract {

  @Inject Providers providers;

  @Override
  public Provider provider() {
    return providers.find("simulator").orElseThrow();
  }

  @Test
  void a_simulator_without_a_url_is_started() {
    assertThat(provider().type()).isEqualTo("simulator");
    assertThat(provider().url()).startsWith("http://127.0.0.1:");
    assertThat(provider().pollPace().max()).hasSeconds(1);
  }
}
