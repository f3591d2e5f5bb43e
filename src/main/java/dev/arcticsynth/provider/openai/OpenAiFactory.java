package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.PollConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderFactory;
import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProvidersConfig;
import jakarta.inject.Singleton;
import java.util.List;

/// Makes the providers of type `openai`.
@Singleton
class OpenAiFactory implements ProviderFactory {

  static final String TYPE = "openai";

  private final ProvidersConfig config;
  private final OpenAiConfig.All more;
  private final PollPace pace;
  private final OpenAiClients clients;

  OpenAiFactory(
      ProvidersConfig config, OpenAiConfig.All more, PollConfig poll, OpenAiClients clients) {
    this.config = config;
    this.more = more;
    this.pace = new PollPace(poll.first(), poll.max());
    this.clients = clients;
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
    return new Accounts(name, settings, OpenAiConfig.of(more, name), pace).openai();
  }
}
