package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProviderVariables;
import dev.arcticsynth.provider.ProvidersConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The settings of one provider `acme`, as the service would read them.
public record ProviderConfig(ProviderSettings settings, OpenAiConfig.Settings more) {

  public static ProviderConfig of(String type, Map<String, String> settings) {
    Map<String, String> properties = new HashMap<>();
    properties.put("arctic.providers.acme.type", type);
    settings.forEach((name, value) -> properties.put("arctic.providers.acme." + name, value));
    SmallRyeConfig config = config(Map.of(), properties);
    return new ProviderConfig(
        Objects.requireNonNull(config.getConfigMapping(ProvidersConfig.class).byName().get("acme")),
        OpenAiConfig.of(config.getConfigMapping(OpenAiConfig.All.class), "acme"));
  }

  /// With these variables instead of the real ones.
  public static SmallRyeConfig config(Map<String, String> variables, Map<String, String> file) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(new EnvConfigSource(variables, 300))
        .withSources(new PropertiesConfigSource(file, "test", 100))
        .withSources(new ProviderVariables())
        .withMapping(ProvidersConfig.class)
        .withMapping(OpenAiConfig.All.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .build();
  }
}
