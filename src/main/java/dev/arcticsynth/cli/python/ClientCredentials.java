package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.client.Sha256;
import dev.arcticsynth.cli.terminal.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// An account at a provider, from the Python client's arguments.
///
/// @param type the provider's type: `openai` or `azure-openai`
/// @param settings of the provider, by their names under `arctic.providers.<name>`; hold the secret
/// @param unused arguments that have no effect here
record ClientCredentials(String type, Map<String, String> settings, List<String> unused) {
  private static final String OPENAI = "openai";
  private static final String AZURE = "azure-openai";
  private static final String AZURE_MARK = "azure_endpoint";
  private static final String AZURE_ENDPOINT = "AZURE_OPENAI_ENDPOINT";
  private static final int HASH_SHOWN = 8;

  private static final Map<String, String> OPENAI_SETTINGS =
      Map.of(
          "api_key", "api-key",
          "base_url", "url",
          "organization", "organization",
          "project", "project");
  private static final Map<String, String> AZURE_SETTINGS =
      Map.of(
          "api_key",
          "api-key",
          "azure_ad_token",
          "token",
          AZURE_MARK,
          "endpoint",
          "api_version",
          "api-version");

  /// Sent with every call, for gateways.
  private static final Map<String, String> MAPPINGS =
      Map.of("default_headers", "headers", "default_query", "query");

  /// What the file leaves out, the clients of these providers take from there.
  private static final Map<String, String> OPENAI_VARIABLES =
      Map.of(
          "api-key", "OPENAI_API_KEY",
          "url", "OPENAI_BASE_URL",
          "organization", "OPENAI_ORG_ID",
          "project", "OPENAI_PROJECT_ID");

  private static final Map<String, String> AZURE_VARIABLES =
      Map.of(
          "api-key", "AZURE_OPENAI_API_KEY",
          "token", "AZURE_OPENAI_AD_TOKEN",
          "api-version", "OPENAI_API_VERSION");

  private static final Set<String> SECRETS = Set.of("api-key", "token");

  /// Affect neither the account nor the bill, or are settings of the service.
  private static final Set<String> HARMLESS =
      Set.of(
          "timeout",
          "max_retries",
          "websocket_base_url",
          "webhook_secret",
          "_strict_response_validation",
          "work_dir",
          "batch_size",
          "polling_interval",
          "file_expiry_seconds");

  ClientCredentials {
    settings = Map.copyOf(settings);
    unused = List.copyOf(unused);
  }

  /// @param variable the environment, which fills what the file leaves out, as in OpenAI's own
  ///   clients: it decides which account is used and pays
  static ClientCredentials of(CredentialsFile file, Function<String, Optional<String>> variable) {
    Map<String, Optional<String>> members = file.members();
    Optional<String> endpoint = variable.apply(AZURE_ENDPOINT);
    boolean isVersioned = members.containsKey("api_version");
    boolean azure = members.containsKey(AZURE_MARK) || (isVersioned && endpoint.isPresent());
    if (isVersioned && !azure) {
      throw new Failure.Usage(
          "The credentials file %s has api_version and no azure_endpoint: add the endpoint, or set %s; for OpenAI, remove the version."
              .formatted(file.path(), AZURE_ENDPOINT));
    }
    var checks = CredentialChecks.ofFile(file.path());
    var settings = new LinkedHashMap<String, String>();
    var unused = new ArrayList<String>();
    members.forEach((name, value) -> {
      if (MAPPINGS.containsKey(name)) {
        checks
            .texts(name, file.mapping(name))
            .forEach((key, text) -> settings.put(MAPPINGS.get(name) + ".\"" + key + "\"", text));
        return;
      }
      String setting = (azure ? AZURE_SETTINGS : OPENAI_SETTINGS).get(name);
      if (setting != null) {
        settings.put(setting, checks.value(setting, name, value));
      } else if (HARMLESS.contains(name) || isOfOtherType(name, azure)) {
        unused.add(name);
      } else {
        throw refused(file, name);
      }
    });
    boolean isDecided = settings.containsKey("api-key") || settings.containsKey("token");
    (azure ? AZURE_VARIABLES : OPENAI_VARIABLES)
        .forEach((setting, name) -> {
          // A key beside a token of the file would be used instead of it.
          if (!isDecided || !SECRETS.contains(setting)) {
            inherit(settings, setting, name, variable.apply(name));
          }
        });
    if (azure) {
      inherit(settings, "endpoint", AZURE_ENDPOINT, endpoint);
    }
    if (!settings.containsKey("api-key") && !settings.containsKey("token")) {
      throw new Failure.Usage(
          "The credentials file %s has no api_key, and %s is not set."
              .formatted(file.path(), azure ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY"));
    }
    return new ClientCredentials(azure ? AZURE : OPENAI, settings, unused);
  }

  /// The provider's name. A later run must use the same account to reach its batches, so the name
  /// contains the account: Azure's is the resource, OpenAI's is known by the key alone.
  String account() {
    String what =
        type.equals(AZURE)
            ? address().toLowerCase(java.util.Locale.ROOT)
            : String.join(
                    "\n",
                    address(),
                    settings.getOrDefault("organization", ""),
                    settings.getOrDefault("project", ""),
                    settings.getOrDefault("api-key", ""))
                + sent();
    return type + "-" + Sha256.sha256(what).substring(0, HASH_SHOWN);
  }

  /// At a gateway these may decide who pays.
  private String sent() {
    return settings.entrySet().stream()
        .filter(
            entry -> MAPPINGS.values().stream().anyMatch(m -> entry.getKey().startsWith(m + ".")))
        .map(entry -> "\n" + entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining());
  }

  /// The configuration of a provider of this name.
  Map<String, String> properties(String name) {
    var properties = new LinkedHashMap<String, String>();
    String prefix = "arctic.providers.%s.".formatted(name);
    properties.put(prefix + "type", type);
    settings.forEach((setting, value) -> properties.put(prefix + setting, value));
    return properties;
  }

  @Override
  public String toString() {
    return account();
  }

  private String address() {
    return settings.getOrDefault(type.equals(AZURE) ? "endpoint" : "url", "").replaceAll("/+$", "");
  }

  private static boolean isOfOtherType(String name, boolean azure) {
    return azure && (name.equals("organization") || name.equals("project"));
  }

  private static void inherit(
      Map<String, String> settings, String setting, String variable, Optional<String> value) {
    if (value.isPresent() && !settings.containsKey(setting)) {
      settings.put(setting, CredentialChecks.ofEnvironment().value(setting, variable, value));
    }
  }

  /// Without it another account might be used or pay.
  private static Failure.Usage refused(CredentialsFile file, String name) {
    String instead =
        switch (name) {
          case "azure_deployment" ->
              "name the deployment as `model` in each request, as the Python client wants it too";
          case "azure_ad_token_provider" ->
              "configure a provider with Microsoft Entra ID (see the README) and pass --provider NAME";
          case "http_client" ->
              "it cannot be passed on; remove it, or configure a provider (see the README) and pass --provider NAME";
          default -> "it is not known here; remove the line if nothing depends on it";
        };
    return new Failure.Usage(
        "The credentials file %s has %s: %s.".formatted(file.path(), name, instead));
  }
}
