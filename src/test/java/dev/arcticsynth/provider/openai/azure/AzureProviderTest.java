package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.provider.openai.WithoutDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

/// The surface `v1`.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class AzureProviderTest extends AzureContract {

  @Override
  Map<String, String> settings() {
    return Map.of();
  }
}
