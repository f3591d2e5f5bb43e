package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithDefaults;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The settings that only providers of this package have: `arctic.providers.<name>.…`. The
/// interfaces are public because the check of settings calls them from outside.
final class OpenAiConfig {
  private OpenAiConfig() {}

  static Settings of(All config, String name) {
    return Objects.requireNonNull(config.byName().get(name));
  }

  /// By provider.
  @ConfigMapping(prefix = "arctic.providers")
  public interface All {

    @WithParentName
    @WithDefaults
    Map<String, Settings> byName();
  }

  /// What can be set for a provider of type `openai` or `azure-openai`, besides what every provider
  /// has.
  public interface Settings {

    /// Type `openai`: whose batch API it is, where that is not OpenAI's own.
    @WithDefault("openai")
    Vendor profile();

    /// Type `azure-openai`: the resource, `https://acme.openai.azure.com`.
    Optional<URI> endpoint();

    /// Type `azure-openai`: the version of the dated API, `2024-10-21`. Absent: the API `v1`, which
    /// needs none.
    Optional<String> apiVersion();

    /// Type `azure-openai`: the header that carries the key. Gateways in front may have renamed it.
    @WithDefault("api-key")
    String keyHeader();

    /// Several models (at Azure: deployments) that answer requests for one name, each with a quota
    /// of its own. The requests' `model` is replaced by one of them.
    Map<String, List<String>> pools();

    /// Urls of request lines and batches, by the endpoint's usual one. Absent: what the type needs.
    Map<String, String> urls();

    /// How an upload says when the file expires. Absent: what the type needs.
    Optional<ExpiryForm> expiryForm();

    /// After which a batch that is not over is stopped, its answers are fetched, and the rest is
    /// sent again. Absent: 25 hours at Azure, where batches do not expire; never elsewhere.
    Optional<Duration> batchDeadline();

    Entra entra();

    /// Type `azure-openai`: who we are at Microsoft Entra ID, instead of a key. What is not set is
    /// taken from the variables that Kubernetes injects for workload identity.
    interface Entra {
      @WithDefault("${AZURE_TENANT_ID:}")
      Optional<String> tenantId();

      @WithDefault("${AZURE_CLIENT_ID:}")
      Optional<String> clientId();

      /// A secret. Never printed, never stored.
      Optional<String> clientSecret();

      /// A file that says who we are. Read for each token, since it is replaced.
      @WithDefault("${AZURE_FEDERATED_TOKEN_FILE:}")
      Optional<Path> tokenFile();

      @WithDefault("${AZURE_AUTHORITY_HOST:https://login.microsoftonline.com}")
      URI authority();

      /// Newer pages of Azure's documentation say `https://ai.azure.com/.default`.
      @WithDefault("https://cognitiveservices.azure.com/.default")
      String scope();
    }
  }
}
