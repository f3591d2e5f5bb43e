package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.provider.PollConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderFactory;
import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.provider.http.HttpCredentials;
import dev.arcticsynth.provider.openai.Account;
import dev.arcticsynth.provider.openai.Accounts;
import dev.arcticsynth.provider.openai.OpenAiClients;
import dev.arcticsynth.provider.openai.OpenAiConfig;
import io.quarkus.oidc.client.OidcClients;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;

/// Makes the providers of type `azure-openai`.
@Singleton
class AzureFactory implements ProviderFactory {

  static final String TYPE = "azure-openai";

  private final ProvidersConfig config;
  private final OpenAiConfig.All more;
  private final PollPace pace;
  private final OpenAiClients clients;
  private final OidcClients oidc;
  private final Vertx vertx;
  private final InstantSource clock;

  AzureFactory(
      ProvidersConfig config,
      OpenAiConfig.All more,
      PollConfig poll,
      OpenAiClients clients,
      OidcClients oidc,
      Vertx vertx,
      InstantSource clock) {
    this.config = config;
    this.more = more;
    this.pace = new PollPace(poll.first(), poll.max());
    this.clients = clients;
    this.oidc = oidc;
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public List<Provider> configured() {
    return config.byName().entrySet().stream()
        .filter(entry -> entry.getValue().type().equals(TYPE))
        .map(entry -> account(entry.getKey(), entry.getValue()))
        .<Provider>map(clients::connect)
        .toList();
  }

  private Account account(String name, ProviderSettings settings) {
    OpenAiConfig.Settings own = OpenAiConfig.of(more, name);
    var accounts = new AzureAccounts(name, settings, own, pace);
    // A key that is set is meant, also where Kubernetes injects an identity.
    return accounts.azure(
        Accounts.apiKey(settings).isEmpty()
            ? accounts
                .token()
                .or(() -> Entra.of(name, own.entra()).map(this::entra))
                .orElseGet(accounts::key)
            : accounts.key());
  }

  private HttpCredentials entra(Entra entra) {
    return new EntraCredentials(
        new EntraTokens(entra, oidc, vertx)::next, clock, entra.fingerprint());
  }
}
