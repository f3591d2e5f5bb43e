package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.http.Proxies;
import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.OidcClientConfigBuilder;
import io.quarkus.oidc.client.OidcClients;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.oidc.client.runtime.OidcClientConfig.Grant;
import io.quarkus.oidc.common.runtime.config.OidcClientCommonConfig.Credentials.Jwt;
import io.quarkus.oidc.common.runtime.config.OidcClientCommonConfig.Credentials.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Requests access tokens from Entra ID: with a client's secret, or with a federated token in a
/// file (workload identity), which Kubernetes replaces regularly.
final class EntraTokens {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Where the answer has no expiry of the token.
  private static final Duration SHORT = Duration.ofMinutes(10);

  /// OAuth error codes that a retry does not fix.
  private static final Set<String> REFUSALS =
      Set.of(
          "invalid_client",
          "unauthorized_client",
          "invalid_grant",
          "invalid_request",
          "invalid_scope",
          "invalid_resource",
          "access_denied",
          "unsupported_grant_type");

  private static final Pattern CODE = Pattern.compile("AADSTS\\d+");

  private final Entra entra;
  private final OidcClients clients;
  private final Vertx vertx;
  private volatile @Nullable OidcClient client;

  EntraTokens(Entra entra, OidcClients clients, Vertx vertx) {
    this.entra = entra;
    this.clients = clients;
    this.vertx = vertx;
  }

  Uni<EntraCredentials.Granted> next() {
    return client()
        .chain(this::tokens)
        .ifNoItem()
        .after(LIMIT)
        .fail()
        .map(EntraTokens::granted)
        .onFailure()
        .transform(this::failure);
  }

  private Uni<OidcClient> client() {
    OidcClient known = client;
    return known == null
        ? clients.newClient(config()).invoke(made -> client = made)
        : Uni.createFrom().item(known);
  }

  private OidcClientConfig config() {
    var config =
        new OidcClientConfigBuilder()
            .id("entra-" + entra.provider())
            .authServerUrl(entra.tenant().toString())
            .discoveryEnabled(false)
            .tokenPath("oauth2/v2.0/token")
            .clientId(entra.clientId())
            .scopes(entra.scope())
            .grant(Grant.Type.CLIENT);
    Proxies.configured()
        .of(entra.tenant())
        .ifPresent(proxy ->
            config.proxy(
                proxy.getHost(), proxy.getPort(), proxy.getUsername(), proxy.getPassword()));
    return entra
        .secret()
        .map(secret -> config.credentials().clientSecret(secret, Secret.Method.POST).end())
        .orElseGet(() -> config.credentials().jwt().source(Jwt.Source.BEARER).end().end())
        .build();
  }

  /// The file is read each time: tokens of an hour ago are refused.
  private Uni<Tokens> tokens(OidcClient from) {
    return entra
        .tokenFile()
        .map(file ->
            vertx
                .fileSystem()
                .readFile(file.toString())
                .onFailure()
                .transform(unreadable ->
                    denied("the file of arctic.providers.%s.entra.token-file cannot be read"))
                .chain(assertion ->
                    from.getTokens(
                        Map.of(
                            "client_id",
                            entra.clientId(),
                            "client_assertion",
                            assertion.toString().strip()))))
        .orElseGet(from::getTokens);
  }

  private static EntraCredentials.Granted granted(Tokens tokens) {
    String seconds = tokens.get("expires_in");
    boolean isNumber = seconds != null && seconds.matches("\\d{1,9}");
    return new EntraCredentials.Granted(
        tokens.getAccessToken(), isNumber ? Duration.ofSeconds(Long.parseLong(seconds)) : SHORT);
  }

  private ProviderException failure(Throwable failure) {
    if (failure instanceof ProviderException known) {
      return known;
    }
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    String error = member(message, "error");
    if (!REFUSALS.contains(error)) {
      // Not the cause: a message of the token endpoint or the client may contain what was sent.
      return new ProviderException(
          Kind.TRANSIENT,
          "No access token for provider %s: Entra ID at %s cannot be reached or failed"
              .formatted(entra.provider(), entra.tenant()));
    }
    Matcher code = CODE.matcher(member(message, "error_description"));
    return denied(
        "Entra ID refuses it (%s%s); renew or correct arctic.providers.%%s.entra (tenant-id, client-id, %s)"
            .formatted(
                error,
                code.find() ? " " + code.group() : "",
                entra.secret().isPresent() ? "client-secret" : "token-file"));
  }

  private ProviderException denied(String why) {
    return new ProviderException(
        Kind.DENIED,
        "No access token for provider %s: %s"
            .formatted(entra.provider(), why.formatted(entra.provider())));
  }

  private static String member(String json, String name) {
    try {
      return String.valueOf(new JsonObject(json).getValue(name, ""));
    } catch (DecodeException notJson) {
      return "";
    }
  }
}
