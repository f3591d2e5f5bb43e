package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.provider.openai.WithoutDatabase;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

/// The surface whose versions have dates, which has answers of its own.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class AzureDatedProviderTest extends AzureContract {

  @Override
  Map<String, String> settings() {
    return Map.of("api-version", "2024-10-21");
  }
}
