package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.provider.http.SettingChecks;
import dev.arcticsynth.provider.http.SettingsFingerprint;
import dev.arcticsynth.provider.openai.OpenAiConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Credentials at Microsoft Entra ID, validated: an application with a secret, or with a federated
/// token file of Kubernetes.
///
/// @param tenant where tokens are granted: the authority, and the tenant behind it
/// @param secret a secret; absent where there is a file
record Entra(
    String provider,
    URI tenant,
    String clientId,
    Optional<String> secret,
    Optional<Path> tokenFile,
    String scope) {

  /// Empty where nothing of it is set.
  static Optional<Entra> of(String provider, OpenAiConfig.Settings.Entra settings) {
    var settingChecks = new SettingChecks(provider);
    if (settings.clientSecret().isEmpty() && settings.tokenFile().isEmpty()) {
      return Optional.empty();
    }
    URI authority =
        settingChecks.url(
            "entra.authority", settings.authority(), "https://login.microsoftonline.com");
    String tenant =
        settings
            .tenantId()
            .map(id -> settingChecks.header("entra.tenant-id", id))
            .filter(id -> id.matches("[A-Za-z0-9.-]+"))
            .orElseThrow(() -> settingChecks.wrong("entra.tenant-id", "is missing or is none"));
    return Optional.of(
        new Entra(
            provider,
            URI.create(authority + "/" + tenant),
            settings
                .clientId()
                .map(id -> settingChecks.header("entra.client-id", id))
                .orElseThrow(() -> settingChecks.wrong("entra.client-id", "is missing")),
            settings
                .clientSecret()
                .map(secret -> settingChecks.header("entra.client-secret", secret)),
            settings.clientSecret().isPresent() ? Optional.empty() : settings.tokenFile(),
            settings.scope()));
  }

  String fingerprint() {
    return SettingsFingerprint.of(
        List.of(
            tenant.toString(),
            clientId,
            secret.orElse(""),
            tokenFile.map(Path::toString).orElse(""),
            scope));
  }

  @Override
  public String toString() {
    return "client %s at %s".formatted(clientId, tenant);
  }
}
