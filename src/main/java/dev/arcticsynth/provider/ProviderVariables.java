package dev.arcticsynth.provider;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Configures providers from environment variables and defaults. Three kinds of them:
///
/// - `ARCTIC_PROVIDERS_BIG_GPU_TYPE` names a provider `big-gpu`. A variable does not show where a
///   name of several words ends, so the one setting that every provider has marks the end; once the
///   name is known, the other variables of that provider are found by themselves.
/// - The variables that the official OpenAI clients read make a provider `openai`, and those for
///   Azure a provider `azure`.
/// - Where none is configured, there is a provider `simulator`, so that a newcomer's first command
///   works without a key.
///
/// Whatever is set elsewhere wins. Values are passed as references, so that no secret is copied.
public final class ProviderVariables implements ConfigSourceFactory {

  private static final Pattern TYPE = Pattern.compile("arctic\\.providers\\.[^*]+\\.type");
  private static final String PREFIX = "ARCTIC_PROVIDERS_";
  private static final String SUFFIX = "_TYPE";

  /// Above the defaults in code, below every file and variable.
  private static final int ORDINAL = 50;

  /// The settings of the provider `openai`, by the variables of the official clients.
  private static final Map<String, String> OPENAI =
      Map.of(
          "api-key", "OPENAI_API_KEY",
          "url", "OPENAI_BASE_URL",
          "organization", "OPENAI_ORG_ID",
          "project", "OPENAI_PROJECT_ID",
          "webhook-secret", "OPENAI_WEBHOOK_SECRET");

  /// The settings of the provider `azure`, likewise.
  private static final Map<String, String> AZURE =
      Map.of(
          "api-key", "AZURE_OPENAI_API_KEY",
          "token", "AZURE_OPENAI_AD_TOKEN",
          "endpoint", "AZURE_OPENAI_ENDPOINT",
          "api-version", "OPENAI_API_VERSION");

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(openai(context));
    settings.putAll(azure(context));
    settings.putAll(named(context));
    if (settings.isEmpty() && names(context).stream().noneMatch(TYPE.asMatchPredicate())) {
      settings.put("arctic.providers.simulator.type", "simulator");
    }
    // Quarkus writes what it finds while it builds into the application, except what an environment
    // says: and this source is the environment.
    return List.of(new EnvConfigSource(settings, ORDINAL));
  }

  private static Map<String, String> named(ConfigSourceContext context) {
    Map<String, String> types = new HashMap<>();
    for (String variable : names(context)) {
      if (variable.startsWith(PREFIX)
          && variable.endsWith(SUFFIX)
          && variable.length() > PREFIX.length() + SUFFIX.length()) {
        String words =
            variable.substring(PREFIX.length(), variable.length() - SUFFIX.length()).strip();
        String name = words.toLowerCase(Locale.ROOT).replace('_', '-');
        types.put("arctic.providers." + name + ".type", "${" + variable + "}");
      }
    }
    return types;
  }

  private static Map<String, String> azure(ConfigSourceContext context) {
    boolean hasSecret =
        value(context, "AZURE_OPENAI_API_KEY").isPresent()
            || value(context, "AZURE_OPENAI_AD_TOKEN").isPresent();
    if (!hasSecret
        || value(context, "AZURE_OPENAI_ENDPOINT").isEmpty()
        || value(context, "arctic.providers.azure.type").isPresent()
        || value(context, "arctic.providers.azure.endpoint").isPresent()) {
      return Map.of();
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("arctic.providers.azure.type", "azure-openai");
    AZURE.forEach((setting, variable) -> {
      if (value(context, variable).isPresent()) {
        settings.put("arctic.providers.azure." + setting, "${" + variable + "}");
      }
    });
    return settings;
  }

  private static Map<String, String> openai(ConfigSourceContext context) {
    if (value(context, "OPENAI_API_KEY").isEmpty()
        || value(context, "arctic.providers.openai.type").isPresent()
        || value(context, "arctic.providers.openai.url").isPresent()) {
      return Map.of();
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("arctic.providers.openai.type", "openai");
    OPENAI.forEach((setting, variable) -> {
      if (value(context, variable).isPresent()) {
        settings.put("arctic.providers.openai." + setting, "${" + variable + "}");
      }
    });
    return settings;
  }

  private static List<String> names(ConfigSourceContext context) {
    List<String> names = new ArrayList<>();
    context.iterateNames().forEachRemaining(names::add);
    return names;
  }

  private static Optional<String> value(ConfigSourceContext context, String name) {
    return Optional.ofNullable(context.getValue(name))
        .map(ConfigValue::getValue)
        .filter(value -> !value.isBlank());
  }
}
