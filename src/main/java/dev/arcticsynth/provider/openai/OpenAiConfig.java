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
public final class OpenAiConfig {
  private OpenAiConfig() {}

  public static Settings of(All config, String name) {
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

    /// Type `openai`: the vendor of the batch API, where it is not OpenAI.
    @WithDefault("openai")
    Vendor profile();

    /// Type `azure-openai`: the resource, `https://acme.openai.azure.com`.
    Optional<URI> endpoint();

    /// Type `azure-openai`: the version of the dated API, such as `2024-10-21`. Absent: the API
    /// `v1`, which has no version.
    Optional<String> apiVersion();

    /// Type `azure-openai`: a ready access token of Microsoft Entra ID, instead of a key. It is
    /// sent as it is and not renewed. Never printed or stored.
    Optional<String> token();

    /// Type `azure-openai`: the header that carries the key, for gateways that rename it.
    @WithDefault("api-key")
    String keyHeader();

    /// Models (at Azure: deployments) that share the requests for one model name, each with its own
    /// quota. The key is the `model` of the requests, which is replaced by one of the list.
    Map<String, List<String>> pools();

    /// URL of request lines and batches, by endpoint (`/v1/chat/completions`). Absent: what the
    /// type needs.
    Map<String, String> urls();

    /// Form of the expiry in an upload. Absent: what the type needs.
    Optional<ExpiryForm> expiryForm();

    /// A batch that runs longer is cancelled, its answers are fetched, and the remaining requests
    /// are sent again. Absent: 25 hours at Azure, where batches do not expire; no limit elsewhere.
    Optional<Duration> batchDeadline();

    /// Settings of Microsoft Entra ID.
    Entra entra();

    /// Type `azure-openai`: Microsoft Entra ID instead of a key. What is not set is taken from the
    /// variables that Kubernetes injects for workload identity.
    interface Entra {
      /// The tenant's id.
      @WithDefault("${AZURE_TENANT_ID:}")
      Optional<String> tenantId();

      /// The application's id.
      @WithDefault("${AZURE_CLIENT_ID:}")
      Optional<String> clientId();

      /// The application's secret. Never printed or stored.
      Optional<String> clientSecret();

      /// File with a federated token, instead of a secret. Read for each access token, since it is
      /// replaced.
      @WithDefault("${AZURE_FEDERATED_TOKEN_FILE:}")
      Optional<Path> tokenFile();

      /// Where access tokens are requested.
      @WithDefault("${AZURE_AUTHORITY_HOST:https://login.microsoftonline.com}")
      URI authority();

      /// Scope of access tokens. Newer pages of Azure's documentation name
      /// `https://ai.azure.com/.default`.
      @WithDefault("https://cognitiveservices.azure.com/.default")
      String scope();
    }
  }
}
